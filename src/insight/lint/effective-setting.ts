import { settingOf } from '../../model/policies/effective-settings.ts'
import { possibleChanges } from '../../model/policies/possible-changes.ts'
import type { WinnersOfBoth } from '../../model/policies/winning-policies.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * The effective value of a queue setting, from its argument and the policies that apply. Undefined if it is not set,
 * or if it is unknown which policy applies.
 *
 * @param key the name of the setting in policies, such as `max-length`
 */
export function effectiveSetting(queue: Queue, winners: WinnersOfBoth, key: string): unknown {
  const [change, ...others] = possibleChanges(queue, winners)
  return change === undefined || others.length > 0 ? undefined : settingOf(queue, change.changed, key)
}
