import { isAtLeast } from '../broker-version.ts'
import type { QueueType } from './queue-arguments.ts'
import type { ValueRule } from './value-rule.ts'

/** A key of a policy's definition. */
export interface PolicyKey {
  readonly key: string
  readonly value: ValueRule
  /** The rule before a version, where it was another one. */
  readonly valueBefore?: { readonly version: string; readonly value: ValueRule }
  /** The first version that takes it; absent for those of all versions. */
  readonly since?: string
  /** The first version without it. */
  readonly removedIn?: string
  /** The first version that takes it in an operator policy; `null` where none does, absent where all do. */
  readonly operatorSince?: string | null
  /** Types of queues that no policy with this key applies to, whatever else it holds (`unsupported_policies`). */
  readonly notFor?: readonly QueueType[]
  /** Another key without which the broker refuses this one; with `values`, only where it has one of these. */
  readonly needs?: { readonly key: string; readonly values?: readonly string[] }
  /** Other keys next to which the broker refuses this one. */
  readonly excludes?: readonly string[]
}

const COUNT: ValueRule = { form: 'integer', minimum: 0 }
const POSITIVE: ValueRule = { form: 'integer', minimum: 1 }
const TEXT: ValueRule = { form: 'text' }
const ANY: ValueRule = { form: 'any' }
const LOCATOR: ValueRule = { form: 'one-of', values: ['client-local', 'balanced', 'random', 'least-leaders'] }

/**
 * Every key that RabbitMQ 3.10 to 4.3 knows in policies and operator policies (rabbit_policies, rabbit_quorum_queue,
 * rabbit_mirror_queue_misc, the federation plugin), each tried on 3.10.8, 4.0.5 and 4.3.6. A broker refuses a policy with
 * any other key, unless a plugin knows it.
 */
export const POLICY_KEYS: readonly PolicyKey[] = [
  { key: 'alternate-exchange', value: TEXT, operatorSince: null },
  {
    key: 'consumer-disconnected-timeout',
    value: COUNT,
    since: '4.3.0',
    operatorSince: null,
  },
  { key: 'consumer-timeout', value: COUNT, since: '3.12.0', operatorSince: null },
  { key: 'dead-letter-exchange', value: TEXT, operatorSince: null, notFor: ['stream'] },
  { key: 'dead-letter-routing-key', value: TEXT, operatorSince: null, notFor: ['stream'] },
  {
    key: 'dead-letter-strategy',
    value: { form: 'one-of', values: ['at-most-once', 'at-least-once'] },
    operatorSince: null,
    notFor: ['classic', 'stream'],
  },
  {
    key: 'delayed-retry-max',
    value: POSITIVE,
    since: '4.3.0',
  },
  {
    key: 'delayed-retry-min',
    value: POSITIVE,
    since: '4.3.0',
  },
  {
    key: 'delayed-retry-type',
    value: { form: 'one-of', values: ['all', 'failed', 'returned', 'disabled'] },
    since: '4.3.0',
    needs: { key: 'delayed-retry-min', values: ['all', 'failed', 'returned'] },
  },
  {
    key: 'delivery-limit',
    value: { form: 'integer' },
    valueBefore: { version: '4.0.0', value: COUNT },
    notFor: ['classic', 'stream'],
  },
  { key: 'expires', value: POSITIVE, notFor: ['stream'] },
  {
    key: 'federation-upstream',
    value: TEXT,
    operatorSince: null,
    excludes: ['federation-upstream-pattern', 'federation-upstream-set'],
  },
  {
    key: 'federation-upstream-pattern',
    value: TEXT,
    operatorSince: null,
    excludes: ['federation-upstream', 'federation-upstream-set'],
  },
  {
    key: 'federation-upstream-set',
    value: TEXT,
    operatorSince: null,
    excludes: ['federation-upstream', 'federation-upstream-pattern'],
  },
  {
    key: 'ha-mode',
    value: { form: 'one-of', values: ['all', 'exactly', 'nodes'] },
    removedIn: '4.0.0',
    operatorSince: '3.12.0',
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-params', values: ['exactly', 'nodes'] },
  },
  {
    key: 'ha-params',
    value: ANY,
    removedIn: '4.0.0',
    operatorSince: '3.12.0',
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  {
    key: 'ha-promote-on-failure',
    value: { form: 'one-of', values: ['always', 'when-synced'] },
    removedIn: '4.0.0',
    operatorSince: null,
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  {
    key: 'ha-promote-on-shutdown',
    value: { form: 'one-of', values: ['always', 'when-synced'] },
    removedIn: '4.0.0',
    operatorSince: null,
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  { key: 'ha-sync-batch-size', value: POSITIVE, removedIn: '4.0.0', operatorSince: null, needs: { key: 'ha-mode' } },
  {
    key: 'ha-sync-mode',
    value: { form: 'one-of', values: ['manual', 'automatic'] },
    removedIn: '4.0.0',
    operatorSince: '3.12.0',
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  { key: 'initial-cluster-size', value: COUNT, operatorSince: null, notFor: ['classic', 'quorum'] },
  { key: 'max-age', value: { form: 'age' }, operatorSince: null, notFor: ['classic', 'quorum'] },
  { key: 'max-in-memory-bytes', value: COUNT, notFor: ['classic', 'stream'] },
  { key: 'max-in-memory-length', value: COUNT, notFor: ['classic', 'stream'] },
  { key: 'max-length', value: COUNT, notFor: ['stream'] },
  { key: 'max-length-bytes', value: COUNT },
  { key: 'message-ttl', value: COUNT, notFor: ['stream'] },
  {
    key: 'overflow',
    value: { form: 'one-of', values: ['drop-head', 'reject-publish', 'reject-publish-dlx'] },
    operatorSince: '3.12.7',
    notFor: ['stream'],
  },
  { key: 'queue-leader-locator', value: LOCATOR, operatorSince: null },
  {
    key: 'queue-master-locator',
    value: { form: 'one-of', values: ['client-local', 'min-masters', 'random', 'balanced', 'least-leaders'] },
    valueBefore: { version: '4.0.0', value: { form: 'one-of', values: ['client-local', 'min-masters', 'random'] } },
    operatorSince: '4.0.0',
    notFor: ['quorum', 'stream'],
  },
  {
    key: 'queue-mode',
    value: { form: 'one-of', values: ['default', 'lazy'] },
    operatorSince: null,
    notFor: ['quorum', 'stream'],
  },
  { key: 'queue-version', value: { form: 'one-of', values: [1, 2] }, operatorSince: '3.11.24' },
  { key: 'shards-per-node', value: POSITIVE, operatorSince: null },
  {
    key: 'stream-filter-size-bytes',
    value: { form: 'integer', minimum: 16, maximum: 255 },
    since: '3.13.0',
    operatorSince: null,
  },
  {
    key: 'stream-max-segment-size-bytes',
    value: { form: 'integer', minimum: 0, maximum: 3_000_000_000 },
    operatorSince: null,
    notFor: ['classic', 'quorum'],
  },
  {
    key: 'target-group-size',
    value: POSITIVE,
    since: '3.12.0',
    operatorSince: '3.13.0',
    notFor: ['classic', 'stream'],
  },
]

const BY_KEY = new Map(POLICY_KEYS.map((row) => [row.key, row]))

/** The row of a policy key; undefined for one that the tables do not know. */
export function policyKey(key: string): PolicyKey | undefined {
  return BY_KEY.get(key)
}

/** Reports the key that a definition lacks for one of its keys; undefined when it lacks none. */
export function neededKey(
  { key, needs }: PolicyKey,
  definition: Readonly<Record<string, unknown>>,
): string | undefined {
  if (needs === undefined || Object.hasOwn(definition, needs.key)) return undefined
  const applies = needs.values === undefined || needs.values.some((value) => value === definition[key])
  return applies ? needs.key : undefined
}

/** Reports the key of a definition that the broker refuses next to one of its keys; undefined when there is none. */
export function excludedKey(
  { excludes }: PolicyKey,
  definition: Readonly<Record<string, unknown>>,
): string | undefined {
  return excludes?.find((each) => Object.hasOwn(definition, each))
}

/** The rule for the value of a key, at a version; for every version, the rules of all of them. */
export function policyValueRules({ value, valueBefore }: PolicyKey, version?: string): readonly ValueRule[] {
  if (valueBefore === undefined) return [value]
  if (version === undefined) return [valueBefore.value, value]
  return [isAtLeast(version, valueBefore.version) ? value : valueBefore.value]
}
