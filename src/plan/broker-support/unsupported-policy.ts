import { isAtLeast, isWithin, nextVersionOf } from '../../model/broker-version.ts'
import { canonicalJson } from '../../model/address.ts'
import { policyKey, policyValueRules } from '../../model/broker-tables/policy-keys.ts'
import { describeRule, satisfiesRule } from '../../model/broker-tables/value-rule.ts'
import type { Policy } from '../../model/topology.ts'
import type { Abilities, Unsupported } from './abilities.ts'
import { missingPlugin } from './missing-plugin.ts'

/** RabbitMQ docs, Policies: from this version on, `apply-to` may name a type of queue. */
const APPLY_TO_TYPES_SINCE = '3.12.0'
const APPLY_TO_TYPES = new Set(['classic_queues', 'quorum_queues', 'streams'])

/** The part of a policy or operator policy that the broker does not support; undefined if there is none. */
export function unsupportedPolicy(
  kind: 'policy' | 'operator-policy',
  broker: Abilities,
  { applyTo, definition }: Policy,
): Unsupported | undefined {
  if (APPLY_TO_TYPES.has(applyTo) && !isAtLeast(broker.version, APPLY_TO_TYPES_SINCE)) {
    return { kind: 'apply-to', applyTo, since: APPLY_TO_TYPES_SINCE }
  }
  for (const key of Object.keys(definition).toSorted()) {
    const what = unsupportedKey(kind, broker, key) ?? refusedValue(broker, key, definition[key])
    if (what !== undefined) return what
  }
  return undefined
}

function unsupportedKey(
  kind: 'policy' | 'operator-policy',
  { version, plugins, deniedFeatures }: Abilities,
  key: string,
): Unsupported | undefined {
  const { since, removedIn, operatorIn } = policyKey(key) ?? {}
  if (removedIn !== undefined && isAtLeast(version, removedIn)) {
    return { kind: 'policy-key-removed', key, since: removedIn }
  }
  if (key === 'queue-master-locator' && deniedFeatures.includes('queue_master_locator')) {
    return { kind: 'feature-denied', feature: 'queue_master_locator', needs: key }
  }
  const plugin = missingPlugin(plugins, key)
  if (plugin !== undefined) return { kind: 'policy-key-of-plugin', key, plugin }
  if (since !== undefined && !isAtLeast(version, since)) return { kind: 'policy-key-unknown', key, since }
  if (kind === 'policy' || operatorIn === undefined || isWithin(version, operatorIn)) return undefined
  const next = nextVersionOf(version, operatorIn)
  return { kind: 'no-operator-policy-key', key, ...(next !== undefined && { since: next }) }
}

function refusedValue({ version }: Abilities, key: string, value: unknown): Unsupported | undefined {
  const row = policyKey(key)
  const rule = row && policyValueRules(row, version).at(-1)
  if (rule === undefined || satisfiesRule(rule, value)) return undefined
  return { kind: 'policy-value-refused', key, value: canonicalJson(value), expected: describeRule(rule) }
}
