import {
  alternatesOf,
  type DeadLetterTarget,
  deadLetterTargets,
} from '../../../../model/policies/dead-letter-targets.ts'
import type { LintedVhost } from '../../lint-context.ts'
import { about, type Rule } from '../../rule.ts'

export const deadLettersLeadNowhere: Rule = {
  id: 'dead-letters-lead-nowhere',
  group: 'routing',
  severity: 'warning',
  meaning: 'The dead letters of a queue reach no queue, and the broker drops them.',
  remedy: 'Declare the exchange, and bind a queue to it that takes the key of the dead letters.',
  replaces: ['dead-letter-exchange-unknown', 'dead-letters-reach-nothing'],
  *check({ vhosts }) {
    for (const vhost of vhosts) {
      for (const queue of vhost.topology.queues) {
        if (queue.external) continue
        const targets = deadLetterTargets(queue, vhost.winners)
        // If it is unknown which policy applies, nothing is certain.
        const [target] = targets
        const reason = targets.length === 1 && target !== undefined ? whyNowhere(vhost, target) : undefined
        if (reason === undefined) continue
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
