import { durationLabel } from '../../../../model/values/duration.ts'
import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

export const delayQueueMayExpire: Rule = {
  id: 'delay-queue-may-expire',
  group: 'loss',
  severity: 'error',
  meaning: 'A delay queue expires before its messages do, and is deleted with them.',
  remedy: 'Remove the expiry of the queue, or make it longer than its message TTL.',
  *check({ vhosts }) {
    for (const { topology, winners, roles } of vhosts) {
      for (const queue of topology.queues) {
        if (queue.external || !roles.delay.has(queue.name)) continue
        const [ttl, expires] = ['message-ttl', 'expires'].map((key) => effectiveSetting(queue, winners, key))
        if (typeof ttl !== 'number' || typeof expires !== 'number' || expires > ttl) continue
        yield about(
          'queue',
          queue,
          `delay queue "${queue.name}" is deleted after ${durationLabel(expires)} without use, and its messages wait ${durationLabel(ttl)}: publishing to a queue does not count as use, and a queue that expires dead-letters nothing`,
          'remove the expiry, or make it longer than the message TTL',
        )
      }
    }
  },
}
