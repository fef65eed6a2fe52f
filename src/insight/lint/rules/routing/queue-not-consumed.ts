import { consumedQueues } from '../../../../model/routes.ts'
import { alternatesOf } from '../../../../model/policies/dead-letter-targets.ts'
import type { Parameter } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

export const queueNotConsumed: Rule = {
  id: 'queue-not-consumed',
  group: 'routing',
  severity: 'warning',
  meaning: 'A queue has no subscription, although its vhost declares subscriptions.',
  remedy: 'Declare the subscription. If a program without declared routes consumes the queue, accept the finding.',
  *check({ vhosts }) {
    for (const { topology, subscriptions, whole, roles, winners } of vhosts) {
      if (subscriptions.length === 0) continue
      const consumed = new Set([
        ...whole.routes.subscriptions.flatMap(consumedQueues),
        ...shoveled(whole.topology.parameters),
      ])
      const alternates = new Set(whole.topology.exchanges.flatMap((each) => alternatesOf(each, winners.policies)))
      // People read these queues manually, like dead-letter queues.
      const unroutable = new Set(
        whole.topology.bindings.flatMap(({ source, destination }) => (alternates.has(source) ? [destination] : [])),
      )
      for (const queue of topology.queues) {
        const { name, role, external } = queue
        const hasRole = role !== undefined || roles.delay.has(name) || roles.deadLetter.has(name)
        if (external || hasRole || consumed.has(name) || unroutable.has(name)) continue
        yield about(
          'queue',
          queue,
          `no declared subscription consumes queue "${name}"`,
          'declare the subscription, or say with # warren-ignore queue-not-consumed: which program consumes it',
        )
      }
    }
  },
}

/** The queues that a shovel consumes. */
function shoveled(parameters: readonly Parameter[]): readonly string[] {
  return parameters.flatMap(({ component, value }) => {
    if (component !== 'shovel' || typeof value !== 'object' || value === null || !('src-queue' in value)) return []
    const queue: unknown = value['src-queue']
    return typeof queue === 'string' ? [queue] : []
  })
}
