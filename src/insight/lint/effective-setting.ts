import { settingOf, settingsChangedBy } from '../../model/policies/effective-settings.ts'
import { possibleWinners, type WinnersOfBoth } from '../../model/policies/winning-policies.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * The value that a setting of a queue has by its argument and the policies that hold for it; undefined where it has none,
 * and where it is open which policy holds.
 *
 * @param key as policies name it, such as `max-length`
 */
export function effectiveSetting(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth, key: string): unknown {
  const [own, ...others] = possibleWinners(policies.of(queue))
  const [operators, ...otherOperators] = possibleWinners(operatorPolicies.of(queue))
  if (others.length + otherOperators.length > 0) return undefined
  const changed = settingsChangedBy(queue, {
    ...(own && { policy: own.policy }),
    ...(operators && { operatorPolicy: operators.policy }),
  })
  return settingOf(queue, changed, key)
}
