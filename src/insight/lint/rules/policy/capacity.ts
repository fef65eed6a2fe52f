import { parseSize } from '../../../../model/values/size.ts'
import { effectiveSetting } from '../../effective-setting.ts'
import { about, type Rule } from '../../rule.ts'

export const capacity: Rule = {
  id: 'capacity',
  group: 'policy',
  severity: 'off',
  meaning: 'The byte limits of all queues of a vhost add up to more than the budget in the config.',
  remedy: 'Lower `maxLengthBytes` of queues, or raise the budget.',
  *check({ vhosts }, { bytes }) {
    const budget = typeof bytes === 'string' ? parseSize(bytes) : undefined
    if (budget === undefined) return
    for (const { topology, winners } of vhosts) {
      const [vhost] = topology.vhosts
      const sizes = topology.queues.map((queue) => effectiveSetting(queue, winners, 'max-length-bytes'))
      const sum = sizes.reduce<number>((total, size) => total + (typeof size === 'number' ? size : 0), 0)
      if (vhost === undefined || sum <= budget) continue
      yield about(
        'vhost',
        vhost,
        `the queues of vhost "${vhost.name}" may hold ${sum} bytes by their limits, and the budget is ${budget}`,
      )
    }
  },
}
