import { isAtLeast } from '../../../../model/broker-version.ts'
import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

/** From 4.0 on, a quorum queue has a delivery limit of 20 by default (release notes of 4.0). */
const LIMIT_SINCE = '4.0.0'

/** From 4.3 on, `basic.nack` and `basic.reject` with requeue do not count. */
const CLOSED_CHANNELS_SINCE = '4.3.0'

export const quorumQueueDropsReturned: Rule = {
  id: 'quorum-queue-drops-returned',
  group: 'loss',
  severity: 'warning',
  meaning:
    'From RabbitMQ 4.0 on, a quorum queue with neither a delivery limit nor a dead-letter exchange drops a message at its 21st return.',
  remedy: 'Give the queue a dead-letter exchange, or set the delivery limit that you want.',
  adopts: ['quorum-drops-returns'],
  *check({ vhosts, version }) {
    if (!isAtLeast(version, LIMIT_SINCE)) return
    const how = isAtLeast(version, CLOSED_CHANNELS_SINCE)
      ? 'whose delivery ended 21 times with a closed channel or connection'
      : 'that was returned 21 times'
    for (const { topology, winners, subscriptions, roles } of vhosts) {
      const subscribed = new Set(subscriptions.map(({ queue }) => queue))
      for (const queue of topology.queues) {
        const { type, name, role, external } = queue
        const isDeadEnd = role !== undefined || roles.delay.has(name) || roles.deadLetter.has(name)
        // The warnings about the files already cover the queues of subscriptions.
        if (type !== 'quorum' || external || isDeadEnd || subscribed.has(name)) continue
        const isSet = (key: string) => effectiveSetting(queue, winners, key) !== undefined
        if (winners.policies.of(queue).length > 1 || isSet('dead-letter-exchange') || isSet('delivery-limit')) continue
        yield about(
          'queue',
          queue,
          `the quorum queue "${name}" drops a message ${how}, since it has neither a delivery limit nor a dead-letter exchange`,
          'give it a dead-letter exchange, or the delivery limit that you want',
        )
      }
    }
  },
}
