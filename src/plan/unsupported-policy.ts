import { isAtLeast } from '../model/broker-version.ts'
import type { Policy } from '../model/topology.ts'
import type { Abilities, Unsupported } from './abilities.ts'
import { missingPlugin } from './missing-plugin.ts'

/** RabbitMQ docs, Policies: from this version `apply-to` may name a type of queue. */
const APPLY_TO_TYPES_SINCE = '3.12.0'
const APPLY_TO_TYPES = new Set(['classic_queues', 'quorum_queues', 'streams'])

/** Classic queue mirroring is gone. */
const MIRRORING_REMOVED = '4.0.0'

/** rabbit_policies: before, a broker does not recognise the key and refuses the policy. */
const KEYS_SINCE: Readonly<Record<string, string>> = {
  'consumer-timeout': '3.12.0',
  'target-group-size': '3.12.0',
  'stream-filter-size-bytes': '3.13.0',
  'consumer-disconnected-timeout': '4.3.0',
  'delayed-retry-type': '4.3.0',
  'delayed-retry-min': '4.3.0',
  'delayed-retry-max': '4.3.0',
}

/** rabbit_policies: keys that are registered for policies, but for operator policies only later, or not at all. */
const OPERATOR_KEYS_SINCE: Readonly<Record<string, string | null>> = {
  'ha-mode': '3.12.0',
  'ha-params': '3.12.0',
  'ha-sync-mode': '3.12.0',
  overflow: '3.12.7',
  'queue-master-locator': '4.0.0',
  'queue-version': '3.11.24',
  'target-group-size': '3.13.0',
  'alternate-exchange': null,
  'consumer-disconnected-timeout': null,
  'consumer-timeout': null,
  'dead-letter-exchange': null,
  'dead-letter-routing-key': null,
  'dead-letter-strategy': null,
  'federation-upstream': null,
  'federation-upstream-pattern': null,
  'federation-upstream-set': null,
  'initial-cluster-size': null,
  'max-age': null,
  'queue-leader-locator': null,
  'queue-mode': null,
  'shards-per-node': null,
  'stream-filter-size-bytes': null,
  'stream-max-segment-size-bytes': null,
}

/** What of a policy, or of an operator policy, the broker does not take; undefined when there is nothing. */
export function unsupportedPolicy(
  kind: 'policy' | 'operator-policy',
  broker: Abilities,
  { applyTo, definition }: Policy,
): Unsupported | undefined {
  if (APPLY_TO_TYPES.has(applyTo) && !isAtLeast(broker.version, APPLY_TO_TYPES_SINCE)) {
    return { kind: 'apply-to', applyTo, since: APPLY_TO_TYPES_SINCE }
  }
  for (const key of Object.keys(definition).toSorted()) {
    const what = unsupportedKey(kind, broker, key)
    if (what !== undefined) return what
  }
  return undefined
}

function unsupportedKey(
  kind: 'policy' | 'operator-policy',
  { version, plugins, deniedFeatures }: Abilities,
  key: string,
): Unsupported | undefined {
  if (key.startsWith('ha-') && isAtLeast(version, MIRRORING_REMOVED)) {
    return { kind: 'policy-key-removed', key, since: MIRRORING_REMOVED }
  }
  if (key === 'queue-master-locator' && deniedFeatures.includes('queue_master_locator')) {
    return { kind: 'feature-denied', feature: 'queue_master_locator', needs: key }
  }
  const plugin = missingPlugin(plugins, key)
  if (plugin !== undefined) return { kind: 'policy-key-of-plugin', key, plugin }
  const since = own(KEYS_SINCE, key)
  if (since !== undefined && !isAtLeast(version, since)) return { kind: 'policy-key-unknown', key, since }
  const forOperators = kind === 'operator-policy' ? own(OPERATOR_KEYS_SINCE, key) : undefined
  if (forOperators === null) return { kind: 'no-operator-policy-key', key }
  return forOperators === undefined || isAtLeast(version, forOperators)
    ? undefined
    : { kind: 'no-operator-policy-key', key, since: forOperators }
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
