import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

export const requireLimits: Rule = {
  id: 'require-limits',
  group: 'policy',
  severity: 'off',
  meaning: 'A queue has no length limit, neither by an argument nor by a policy.',
  remedy: 'Set `maxLength` or `maxLengthBytes`, or for a stream `maxAge`.',
  *check({ vhosts }, { streams = true }) {
    for (const { topology, winners } of vhosts) {
      for (const queue of topology.queues) {
        const isStream = queue.type === 'stream'
        if (queue.external || (isStream && streams !== true)) continue
        const limits = isStream ? ['max-length-bytes', 'max-age'] : ['max-length', 'max-length-bytes']
        if (limits.some((key) => effectiveSetting(queue, winners, key) !== undefined)) continue
        yield about('queue', queue, `queue "${queue.name}" has no limit`, `set ${limits.join(' or ')}`)
      }
    }
  },
}
