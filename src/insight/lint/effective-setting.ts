import { type PolicySetting, settingOf, settingsChangedBy } from '../../model/policies/effective-settings.ts'
import { possibleWinners, type WinnersOfBoth } from '../../model/policies/winning-policies.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * The effective value of a queue setting, from its argument and the policies that apply. Undefined if it is not set,
 * or if it is unknown which policy applies.
 *
 * @param key the name of the setting in policies, such as `max-length`
 */
export function effectiveSetting(queue: Queue, winners: WinnersOfBoth, key: string): unknown {
  const changed = changedBy(queue, winners)
  return changed && settingOf(queue, changed, key)
}

/** Each rule asks for the same queues. */
const KNOWN = new WeakMap<WinnersOfBoth, WeakMap<Queue, readonly PolicySetting[] | undefined>>()

/** The settings that policies change; undefined if it is unknown which policies apply. */
function changedBy(queue: Queue, winners: WinnersOfBoth): readonly PolicySetting[] | undefined {
  const known = KNOWN.get(winners) ?? new WeakMap<Queue, readonly PolicySetting[] | undefined>()
  KNOWN.set(winners, known)
  if (!known.has(queue)) known.set(queue, computeChanged(queue, winners))
  return known.get(queue)
}

function computeChanged(
  queue: Queue,
  { policies, operatorPolicies }: WinnersOfBoth,
): readonly PolicySetting[] | undefined {
  const [own, ...others] = possibleWinners(policies.of(queue))
  const [operators, ...otherOperators] = possibleWinners(operatorPolicies.of(queue))
  if (others.length + otherOperators.length > 0) return undefined
  return settingsChangedBy(queue, {
    ...(own && { policy: own.policy }),
    ...(operators && { operatorPolicy: operators.policy }),
  })
}
