import { canonicalJson } from '../address.ts'
import type { Policy, Queue } from '../topology.ts'
import { effectiveValue } from './policy-keys.ts'

/** The policy and the operator policy that apply to an object. */
export interface HoldingPolicies {
  readonly policy?: Policy
  readonly operatorPolicy?: Policy
}

/** The effect of policies on one setting of a queue. */
export interface PolicySetting {
  /** The name of the setting in policies. */
  readonly key: string
  /** The value of the queue's own argument; absent if it has none. */
  readonly declared?: unknown
  readonly effective: unknown
  /** The policy that the value comes from. */
  readonly by: 'policy' | 'operator-policy'
}

/** Of both policies, the smaller number applies (rabbit_policy: `merge_policy_value`). */
const SMALLER_OF_BOTH = new Set([
  'message-ttl',
  'expires',
  'max-length',
  'max-length-bytes',
  'max-in-memory-length',
  'max-in-memory-bytes',
  'delivery-limit',
])
const LARGER_OF_BOTH = new Set(['target-group-size', 'delayed-retry-min'])

/** The settings of a queue that policies add or change, without unchanged ones. */
export function settingsChangedBy(
  queue: Pick<Queue, 'type' | 'arguments'>,
  { policy, operatorPolicy }: HoldingPolicies,
): PolicySetting[] {
  if (policy === undefined && operatorPolicy === undefined) return []
  const keys = new Set([...Object.keys(policy?.definition ?? {}), ...Object.keys(operatorPolicy?.definition ?? {})])
  return [...keys].toSorted().flatMap((key): PolicySetting[] => {
    const merged = valueOfBoth(key, policy?.definition[key], operatorPolicy?.definition[key])
    const declared = Object.hasOwn(queue.arguments, `x-${key}`) ? queue.arguments[`x-${key}`] : undefined
    if (declared === undefined) return [{ key, effective: merged.value, by: merged.by }]
    const effective = effectiveValue(queue.type ?? 'classic', key, declared, merged.value)
    if (canonicalJson(effective) === canonicalJson(declared)) return []
    return [{ key, declared, effective, by: merged.by }]
  })
}

function valueOfBoth(key: string, own: unknown, operators: unknown): Pick<PolicySetting, 'by'> & { value: unknown } {
  if (operators === undefined) return { value: own, by: 'policy' }
  if (own === undefined) return { value: operators, by: 'operator-policy' }
  if (typeof own === 'number' && typeof operators === 'number') {
    // A negative limit means no limit.
    const isSmaller = own >= 0 && (own < operators || operators < 0)
    if (SMALLER_OF_BOTH.has(key) && isSmaller) return { value: own, by: 'policy' }
    if (LARGER_OF_BOTH.has(key) && own > operators) return { value: own, by: 'policy' }
  }
  return { value: operators, by: 'operator-policy' }
}

/** The value of a queue's setting under the policies that apply. */
export function settingOf(
  queue: Pick<Queue, 'type' | 'arguments'>,
  changed: readonly PolicySetting[],
  key: string,
): unknown {
  const setting = changed.length === 0 ? undefined : changed.find((each) => each.key === key)
  return setting === undefined ? queue.arguments[argumentOf(key)] : setting.effective
}

/**
 * The names of arguments, by the name of the setting. Building the name for each queue would take longer than reading
 * the argument.
 */
const ARGUMENTS = new Map<string, string>()

function argumentOf(key: string): string {
  const known = ARGUMENTS.get(key)
  if (known !== undefined) return known
  const name = `x-${key}`
  ARGUMENTS.set(key, name)
  return name
}
