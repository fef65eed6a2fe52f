import { settingOf, settingsChangedBy } from '../../model/policies/effective-settings.ts'
import { possibleWinners, type WinnersOfBoth } from '../../model/policies/winning-policies.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * The effective value of a queue setting, from its argument and the policies that apply. Undefined if it is not set,
 * or if it is unknown which policy applies.
 *
 * @param key the name of the setting in policies, such as `max-length`
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
