import { possibleChanges } from '../../../../model/policies/possible-changes.ts'
import { addressOf } from '../../../../model/address.ts'
import { about, type Rule } from '../../rule.ts'

const KEY = 'target-group-size'

export const targetGroupSizeIsLarger: Rule = {
  id: 'target-group-size-is-larger',
  group: 'versions',
  severity: 'warning',
  meaning: 'An operator policy does not limit `target-group-size`: if a policy sets it too, the larger number applies.',
  remedy: 'Set the number in one of the two policies only.',
  *check({ vhosts }) {
    for (const { topology, winners } of vhosts) {
      const reported = new Set<string>()
      for (const queue of topology.queues) {
        const [{ policy: own, operatorPolicy: operators } = {}, ...others] = possibleChanges(queue, winners)
        if (own === undefined || operators === undefined || others.length > 0) continue
        const [size, limit] = [own.definition[KEY], operators.definition[KEY]]
        const key = JSON.stringify([own.name, operators.name])
        if (typeof size !== 'number' || typeof limit !== 'number' || size <= limit || reported.has(key)) continue
        reported.add(key)
        yield about(
          'policy',
          own,
          `${addressOf('queue', queue)} gets a ${KEY} of ${size} from policy "${own.name}", although operator policy "${operators.name}" sets ${limit}: the larger number applies`,
          'set it in one of the two policies only',
        )
      }
    }
  },
}
