import type { Finding } from '../../../../diagnostics/findings/finding.ts'
import { addressOf } from '../../../../model/address.ts'
import {
  alternatesOf,
  type DeadLetterTarget,
  deadLetterTargets,
} from '../../../../model/policies/dead-letter-targets.ts'
import type { Queue } from '../../../../model/topology.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { about, type Rule } from '../../rule.ts'

export const deadLettersLeadNowhere: Rule = {
  id: 'dead-letters-lead-nowhere',
  group: 'routing',
  severity: 'warning',
  meaning: 'The dead letters of a queue reach no queue, and the broker drops them.',
  remedy: 'Declare the exchange, and bind a queue to it with the routing key of the dead letters.',
  adopts: ['dead-letter-exchange-unknown', 'dead-letters-reach-nothing'],
  subjects({ vhosts, others = [] }) {
    const sources = sourcesByTarget(vhosts)
    return (warning) => {
      const found = sources.get(keyOf(warning) ?? '') ?? []
      const [first] = found
      if (first === undefined) return {}
      const holds = others.length === 0 || found.some(leadsNowhere)
      return holds ? { address: addressOf('queue', first.queue) } : undefined
    }
  },
  *check({ vhosts, warnings = [] }) {
    const reported = new Set(warnings.map(keyOf))
    for (const vhost of vhosts) {
      for (const source of deadLettersOf(vhost)) {
        const { queue, target } = source
        const reason = whyNowhere(vhost, target)
        if (reason === undefined || keysOf(target).some((key) => reported.has(key))) continue
        yield about(
          'queue',
          queue,
          `dead letters of queue "${queue.name}" reach no queue: ${reason}`,
          'bind a queue that takes them, declare the exchange as external if another project does, or write deadLetter: true',
        )
      }
    }
  },
}

/** A queue, and where its dead letters go. */
interface DeadLetterSource {
  readonly vhost: LintedVhost
  readonly queue: Queue
  readonly target: DeadLetterTarget
}

/** The queues whose dead letters certainly go to one target: if it is unknown which policy applies, nothing is certain. */
function deadLettersOf(vhost: LintedVhost): readonly DeadLetterSource[] {
  return vhost.topology.queues.flatMap((queue): DeadLetterSource[] => {
    if (queue.external) return []
    const [target, ...others] = deadLetterTargets(queue, vhost.winners)
    return target === undefined || others.length > 0 ? [] : [{ vhost, queue, target }]
  })
}

function sourcesByTarget(vhosts: readonly LintedVhost[]): ReadonlyMap<string, readonly DeadLetterSource[]> {
  const byKey = new Map<string, DeadLetterSource[]>()
  for (const source of vhosts.flatMap(deadLettersOf)) {
    for (const key of keysOf(source.target)) {
      const known = byKey.get(key)
      if (known) known.push(source)
      else byKey.set(key, [source])
    }
  }
  return byKey
}

/**
 * The keys of the warnings about a target: for an exchange that does not exist, and for one that routes to no queue.
 */
function keysOf({ exchange, routingKey }: Pick<DeadLetterTarget, 'exchange' | 'routingKey'>): readonly string[] {
  return [JSON.stringify([exchange]), JSON.stringify([exchange, routingKey ?? null])]
}

function keyOf(warning: Finding): string | undefined {
  if (warning.code === 'dead-letter-exchange-unknown') return keysOf(warning.args)[0]
  return warning.code === 'dead-letters-reach-nothing' ? keysOf(warning.args)[1] : undefined
}

/** Whether a warning about the files of one project applies to the whole virtual host. */
function leadsNowhere({ vhost, target }: DeadLetterSource): boolean {
  const { exchange, routingKey } = target
  if (routingKey !== undefined || vhost.exchanges.get(exchange) === undefined) {
    return exchange === '' && routingKey === undefined ? true : whyNowhere(vhost, target) !== undefined
  }
  // The keys of these dead letters come from the declared bindings, and other projects may declare more bindings.
  const own = vhost.topology.bindings.filter(({ source }) => source === exchange)
  return vhost.bindingsFrom(exchange).length === own.length
}

function whyNowhere(vhost: LintedVhost, { exchange: name, routingKey }: DeadLetterTarget): string | undefined {
  if (name === '') {
    return routingKey === undefined || vhost.model.queue(routingKey) !== undefined
      ? undefined
      : `there is no queue "${routingKey}", and the default exchange routes by the names of queues`
  }
  const exchange = vhost.exchanges.get(name)
  if (exchange === undefined) return `there is no exchange "${name}"`
  // Other projects may bind to it.
  if (exchange.external) return undefined
  if (routingKey === undefined) {
    const leadsOn = vhost.bindingsFrom(name).length > 0 || alternatesOf(exchange, vhost.winners.policies).length > 0
    return leadsOn ? undefined : `nothing is bound to exchange "${name}"`
  }
  // The headers of the dead letters are unknown.
  if (exchange.type === 'headers') return undefined
  return vhost.reachesNoQueue(name, { routingKey })
    ? `exchange "${name}" routes the key "${routingKey}" nowhere`
    : undefined
}
