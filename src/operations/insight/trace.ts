import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Headers } from '../../insight/routing/headers-index.ts'
import type { RoutedVhost } from '../../insight/routing/routed-vhost.ts'
import { messageOf, type Trace, traceMessage, traceQueueByName } from '../../insight/trace/trace.ts'
import type { Publication } from '../../model/routes.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { readRoutedVhosts, requireVhost, type RoutedOptions, unknownName } from './read-routed-vhosts.ts'

/** The target of a trace: exactly one of a publication, an exchange with a key, and a queue. */
export type TraceTarget =
  | {
      readonly publication: string
      /** The values of the `{parameter}` parts of its routing key. Default: none. */
      readonly parameters?: Readonly<Record<string, string>>
    }
  | {
      /** Empty for the default exchange. */
      readonly exchange: string
      /** Default: the empty key. */
      readonly routingKey?: string
      readonly headers?: Headers
    }
  | { readonly queue: string }

export interface TraceOptions extends RoutedOptions {
  readonly target: TraceTarget
  /** The virtual host of the target. Default: the only virtual host with the target. */
  readonly vhost?: string
}

/**
 * Follows a message through the exchanges of topology files, of a live broker or of a definitions file, or lists the
 * facts of a queue. Publishes nothing.
 *
 * @throws {WarrenError} `UNKNOWN_NAME` when no object has the given name, or several virtual hosts have one
 * @throws {WarrenError} `INVALID_OPTION` when a parameter of the publication is missing or unknown
 * @throws {InvalidInputError} when the files are invalid
 */
export async function trace(options: TraceOptions): Promise<Trace> {
  return withMaskedResult(options, async ({ target, vhost, ...rest }) => {
    const { vhosts } = await readRoutedVhosts(rest)
    return traceIn(vhost === undefined ? vhosts : [requireVhost(vhosts, vhost)], target)
  })
}

function traceIn(vhosts: readonly RoutedVhost[], target: TraceTarget): Trace {
  if ('publication' in target) {
    const name = target.publication
    const all = vhosts.flatMap((vhost) => vhost.routes.publications.map((each) => each.name))
    const [vhost, publication] = only('publication', name, all, vhosts, (each) =>
      each.routes.publications.find((candidate) => candidate.name === name),
    )
    checkParameters(publication, target.parameters ?? {})
    return traceMessage(vhost, publication.exchange, messageOf(publication, target.parameters), name)
  }
  if ('queue' in target) {
    const all = vhosts.flatMap(({ topology }) => topology.queues.map(({ name }) => name))
    return only('queue', target.queue, all, vhosts, (each) => traceQueueByName(each, target.queue))[1]
  }
  const { exchange, routingKey = '', headers } = target
  const all = vhosts.flatMap(({ topology }) => topology.exchanges.map(({ name }) => name))
  const [vhost] = only('exchange', exchange, all, vhosts, ({ model }) =>
    exchange === '' ? true : model.exchange(exchange),
  )
  return traceMessage(vhost, exchange, { routingKey, ...(headers && { headers }) })
}

/** Finds the only virtual host that has an object of this name. Each virtual host has the built-in exchanges. */
function only<T>(
  kind: string,
  name: string,
  all: readonly string[],
  vhosts: readonly RoutedVhost[],
  find: (vhost: RoutedVhost) => T | undefined,
): readonly [RoutedVhost, T] {
  const found = vhosts.flatMap((vhost) => {
    const each = find(vhost)
    return each === undefined ? [] : [[vhost, each] as const]
  })
  const [first, ...others] = found
  if (first === undefined) throw unknownName(kind, name, all)
  if (others.length === 0) return first
  throw new WarrenError(
    `several vhosts have ${kind === 'exchange' ? 'an' : 'a'} ${kind} ${JSON.stringify(name)}: ${found.map(([vhost]) => JSON.stringify(vhost.name)).join(', ')}`,
    { code: 'UNKNOWN_NAME', hint: 'choose it with --vhost NAME' },
  )
}

/** A publication needs a value for each parameter of its routing key, and each value is one word. */
function checkParameters({ name, parameters }: Publication, given: Readonly<Record<string, string>>): void {
  const missing = parameters.find((each) => !Object.hasOwn(given, each))
  if (missing !== undefined) {
    throw new WarrenError(`the publication ${JSON.stringify(name)} needs a value for its parameter ${missing}`, {
      code: 'INVALID_OPTION',
      hint: `add --parameter ${missing}=VALUE`,
    })
  }
  for (const [key, value] of Object.entries(given)) {
    if (!parameters.includes(key)) {
      throw new WarrenError(`the publication ${JSON.stringify(name)} has no parameter ${JSON.stringify(key)}`, {
        code: 'INVALID_OPTION',
        hint: parameters.length === 0 ? 'it has none' : `it has: ${parameters.join(', ')}`,
      })
    }
    if (value === '' || value.includes('.')) {
      throw new WarrenError(`the value of the parameter ${key} has to be one word without a dot`, {
        code: 'INVALID_OPTION',
        hint: 'a dot would begin another word of the routing key',
      })
    }
  }
}
