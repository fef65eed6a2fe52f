import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

const BOUNDS = ['max-length', 'max-length-bytes', 'max-age', 'message-ttl', 'expires']

export const unboundedQueue: Rule = {
  id: 'unbounded-queue',
  group: 'loss',
  severity: 'off',
  meaning: 'A queue grows without a limit while its consumers are down, until the broker blocks all publishers.',
  remedy: 'Set `maxLength` or `maxLengthBytes`, or a policy with `max-length`.',
  *check({ vhosts }) {
    for (const { topology, winners } of vhosts) {
      for (const queue of topology.queues) {
        const isOpen = queue.external || winners.policies.of(queue).length > 1
        if (isOpen || BOUNDS.some((key) => effectiveSetting(queue, winners, key) !== undefined)) continue
        yield about(
          'queue',
          queue,
          `queue "${queue.name}" has neither a limit nor a time to live, and grows while nobody consumes it`,
          'set maxLength or maxLengthBytes with overflow: reject-publish, or a policy with max-length',
        )
      }
    }
  },
}
