import type { Headers } from '../../insight/routing/headers-index.ts'
import { type MessageTrace, messageOf, traceMessage } from '../../insight/trace/trace.ts'
import { EXCHANGES_OF_EVERY_VHOST } from '../../model/built-in-exchange.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import type { Publication } from '../../model/routes.ts'
import { headerOfText } from '../../model/values/header-of-text.ts'
import type { TraceLink } from '../deep-link.ts'
import type { PageModel } from '../page-model.ts'

/** The result of tracing, or why a message cannot be traced. */
export type TraceOutcome = { readonly trace: MessageTrace } | { readonly problem: string }

/** Traces the message of a link, by the same code as `warren trace`. */
export function traceLink({ from, key, parameters, headers }: TraceLink, { vhosts }: PageModel): TraceOutcome {
  for (const vhost of vhosts.values()) {
    const publication = vhost.routes.publications.find(({ name }) => routeId('publication', vhost.name, name) === from)
    if (publication !== undefined) {
      const problem = problemOf(publication, parameters)
      if (problem !== undefined) return { problem }
      return {
        trace: traceMessage(vhost, publication.exchange, messageOf(publication, parameters), publication.name),
      }
    }
    const name = [...vhost.topology.exchanges.map((each) => each.name), ...EXCHANGES_OF_EVERY_VHOST.keys()].find(
      (each) => objectId('exchange', vhost.name, each) === from,
    )
    if (name !== undefined) {
      const given = Object.fromEntries(Object.entries(headers).map(([header, text]) => [header, headerOfText(text)]))
      const message = { routingKey: key, ...(Object.keys(given).length > 0 && { headers: given as Headers }) }
      return { trace: traceMessage(vhost, name, message) }
    }
  }
  return { problem: 'There is no such publication or exchange.' }
}

/** Each parameter needs a value of one word. */
function problemOf({ parameters }: Publication, given: Readonly<Record<string, string>>): string | undefined {
  const missing = parameters.find((name) => (given[name] ?? '') === '')
  if (missing !== undefined) return `The parameter ${missing} needs a value.`
  const dotted = parameters.find((name) => given[name]?.includes('.'))
  return dotted === undefined
    ? undefined
    : `The value of ${dotted} has to be one word: a dot would begin another word of the routing key.`
}
