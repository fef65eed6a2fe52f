import { durationLabel, parseDuration } from '../../../../model/values/duration.ts'
import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

export const maxTtl: Rule = {
  id: 'max-ttl',
  group: 'policy',
  severity: 'off',
  meaning: 'Messages of a queue may live longer than the config allows.',
  remedy: 'Set a shorter `messageTtl` on the queue, or a shorter `message-ttl` in the policy.',
  *check({ vhosts }, { ttl }) {
    const most = typeof ttl === 'string' ? parseDuration(ttl) : undefined
    if (most === undefined) return
    for (const { topology, winners } of vhosts) {
      for (const queue of topology.queues) {
        const own = effectiveSetting(queue, winners, 'message-ttl')
        if (queue.external || queue.type === 'stream' || typeof own !== 'number' || own <= most) continue
        yield about(
          'queue',
          queue,
          `messages of queue "${queue.name}" live ${durationLabel(own)}, but the config allows ${durationLabel(most)}`,
        )
      }
    }
  },
}
