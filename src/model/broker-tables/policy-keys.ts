import { isAtLeast, isWithin, type VersionRange } from '../broker-version.ts'
import { isQueueType, type QueueType } from './queue-arguments.ts'
import { OLDEST } from './support.ts'
import type { ValueRule } from './value-rule.ts'

/** A key of a policy's definition. */
export interface PolicyKey {
  readonly key: string
  readonly value: ValueRule
  /** The rule before a version, if it was different. */
  readonly valueBefore?: { readonly version: string; readonly value: ValueRule }
  /** The first version with the key; absent if all versions have it. */
  readonly since?: string
  /** The first version without it. */
  readonly removedIn?: string
  /** The versions that accept it in an operator policy; empty if none does, absent if all do. */
  readonly operatorIn?: readonly VersionRange[]
  /** Types of queues to which no policy with this key applies, even with other keys (`unsupported_policies`). */
  readonly notFor?: readonly QueueType[]
  /** The same for types where only some versions do this. */
  readonly notForIn?: { readonly [T in QueueType]?: readonly VersionRange[] }
  /** Another key that the broker requires together with this one; with `values`, only if it has one of these values. */
  readonly needs?: { readonly key: string; readonly values?: readonly string[] }
  /** Other keys that the broker does not allow together with this one. */
  readonly excludes?: readonly string[]
  /** Another key whose number must not exceed the number of this one. */
  readonly atLeast?: string
}

const COUNT: ValueRule = { form: 'integer', minimum: 0 }
const POSITIVE: ValueRule = { form: 'integer', minimum: 1 }
const TEXT: ValueRule = { form: 'text' }
const ANY: ValueRule = { form: 'any' }
const NEVER: readonly VersionRange[] = []
const LOCATOR: ValueRule = { form: 'one-of', values: ['client-local', 'balanced', 'random', 'least-leaders'] }

/**
 * Every key that RabbitMQ 3.10 to 4.3 supports in policies and operator policies (rabbit_policies,
 * rabbit_quorum_queue, rabbit_mirror_queue_misc, the plugins for federation and sharding), each tested on 3.10.8,
 * 4.0.5 and 4.3.6. The other versions are the first release whose sources register the key. A broker refuses a policy
 * with any other key, unless a plugin supports it.
 */
export const POLICY_KEYS: readonly PolicyKey[] = [
  { key: 'alternate-exchange', value: TEXT, operatorIn: NEVER },
  {
    key: 'consumer-disconnected-timeout',
    value: COUNT,
    since: '4.3.0',
    operatorIn: NEVER,
  },
  { key: 'consumer-timeout', value: COUNT, since: '3.12.0', operatorIn: NEVER },
  { key: 'dead-letter-exchange', value: TEXT, operatorIn: NEVER, notFor: ['stream'] },
  { key: 'dead-letter-routing-key', value: TEXT, operatorIn: NEVER, notFor: ['stream'] },
  {
    key: 'dead-letter-strategy',
    value: { form: 'one-of', values: ['at-most-once', 'at-least-once'] },
    operatorIn: NEVER,
    notFor: ['classic', 'stream'],
  },
  {
    key: 'delayed-retry-max',
    value: POSITIVE,
    since: '4.3.1',
    atLeast: 'delayed-retry-min',
  },
  {
    key: 'delayed-retry-min',
    value: POSITIVE,
    since: '4.3.1',
  },
  {
    key: 'delayed-retry-type',
    value: { form: 'one-of', values: ['all', 'failed', 'returned', 'disabled'] },
    since: '4.3.1',
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
    operatorIn: NEVER,
    excludes: ['federation-upstream-pattern', 'federation-upstream-set'],
  },
  {
    key: 'federation-upstream-pattern',
    value: TEXT,
    operatorIn: NEVER,
    excludes: ['federation-upstream', 'federation-upstream-set'],
  },
  {
    key: 'federation-upstream-set',
    value: TEXT,
    operatorIn: NEVER,
    excludes: ['federation-upstream', 'federation-upstream-pattern'],
  },
  {
    key: 'ha-mode',
    value: { form: 'one-of', values: ['all', 'exactly', 'nodes'] },
    removedIn: '4.0.0',
    operatorIn: [{ since: '3.11.10', until: '4.0.0' }],
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-params', values: ['exactly', 'nodes'] },
  },
  {
    key: 'ha-params',
    value: ANY,
    removedIn: '4.0.0',
    operatorIn: [{ since: '3.11.10', until: '4.0.0' }],
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  {
    key: 'ha-promote-on-failure',
    value: { form: 'one-of', values: ['always', 'when-synced'] },
    removedIn: '4.0.0',
    operatorIn: NEVER,
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  {
    key: 'ha-promote-on-shutdown',
    value: { form: 'one-of', values: ['always', 'when-synced'] },
    removedIn: '4.0.0',
    operatorIn: NEVER,
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  { key: 'ha-sync-batch-size', value: POSITIVE, removedIn: '4.0.0', operatorIn: NEVER, needs: { key: 'ha-mode' } },
  {
    key: 'ha-sync-mode',
    value: { form: 'one-of', values: ['manual', 'automatic'] },
    removedIn: '4.0.0',
    operatorIn: [{ since: '3.11.15', until: '4.0.0' }],
    notFor: ['quorum', 'stream'],
    needs: { key: 'ha-mode' },
  },
  { key: 'initial-cluster-size', value: COUNT, operatorIn: NEVER, notFor: ['classic', 'quorum'] },
  { key: 'max-age', value: { form: 'age' }, operatorIn: NEVER, notFor: ['classic', 'quorum'] },
  { key: 'max-in-memory-bytes', value: COUNT, notFor: ['stream'], notForIn: { classic: [{ since: '3.12.7' }] } },
  { key: 'max-in-memory-length', value: COUNT, notFor: ['stream'], notForIn: { classic: [{ since: '3.12.7' }] } },
  { key: 'max-length', value: COUNT, notFor: ['stream'] },
  { key: 'max-length-bytes', value: COUNT },
  { key: 'message-ttl', value: COUNT, notFor: ['stream'] },
  {
    key: 'overflow',
    value: { form: 'one-of', values: ['drop-head', 'reject-publish', 'reject-publish-dlx'] },
    operatorIn: [{ since: '3.12.7' }],
    notFor: ['stream'],
  },
  {
    key: 'queue-leader-locator',
    value: LOCATOR,
    operatorIn: NEVER,
    notForIn: { classic: [{ since: OLDEST, until: '4.0.0' }] },
  },
  {
    key: 'queue-master-locator',
    value: { form: 'one-of', values: ['client-local', 'min-masters', 'random', 'balanced', 'least-leaders'] },
    valueBefore: { version: '4.0.0', value: { form: 'one-of', values: ['client-local', 'min-masters', 'random'] } },
    operatorIn: [{ since: '4.0.0' }],
    notFor: ['quorum', 'stream'],
  },
  {
    key: 'queue-mode',
    value: { form: 'one-of', values: ['default', 'lazy'] },
    operatorIn: NEVER,
    notFor: ['quorum', 'stream'],
  },
  {
    key: 'queue-version',
    value: { form: 'one-of', values: [1, 2] },
    operatorIn: [{ since: '3.11.24', until: '3.12.0' }, { since: '3.12.7' }],
  },
  { key: 'routing-key', value: TEXT, operatorIn: NEVER, needs: { key: 'shards-per-node' } },
  // The broker accepts a fraction, and then refuses to create the exchanges of the policy and to delete their vhost
  // (lists:seq in rabbit_sharding_shard).
  { key: 'shards-per-node', value: COUNT, operatorIn: NEVER },
  {
    key: 'stream-filter-size-bytes',
    value: { form: 'integer', minimum: 16, maximum: 255 },
    since: '3.13.0',
    operatorIn: NEVER,
  },
  {
    key: 'stream-max-segment-size-bytes',
    value: { form: 'integer', minimum: 0, maximum: 3_000_000_000 },
    operatorIn: NEVER,
    notFor: ['classic', 'quorum'],
  },
  {
    key: 'target-group-size',
    value: POSITIVE,
    since: '3.13.0',
    notFor: ['classic', 'stream'],
  },
]

const BY_KEY = new Map(POLICY_KEYS.map((row) => [row.key, row]))

/** The row of a policy key; undefined for an unknown key. */
export function policyKey(key: string): PolicyKey | undefined {
  return BY_KEY.get(key)
}

/** The versions in which no policy with this key applies to a type of queue; empty if there are none. */
export function keptIn({ notFor, notForIn }: PolicyKey, type: QueueType): readonly VersionRange[] {
  return notFor?.includes(type) === true ? [{ since: OLDEST }] : (notForIn?.[type] ?? [])
}

/**
 * Whether no policy with this key applies to a type of queue.
 *
 * @param version the version of the broker; if it is absent, the newest one
 */
export function isKeptFrom(row: PolicyKey, type: string, version?: string): boolean {
  const ranges = isQueueType(type) ? keptIn(row, type) : []
  return version === undefined ? ranges.some(({ until }) => until === undefined) : isWithin(version, ranges)
}

/** Returns the key that a definition lacks for one of its keys; undefined if it lacks none. */
export function neededKey(
  { key, needs }: PolicyKey,
  definition: Readonly<Record<string, unknown>>,
): string | undefined {
  if (needs === undefined || Object.hasOwn(definition, needs.key)) return undefined
  const applies = needs.values === undefined || needs.values.some((value) => value === definition[key])
  return applies ? needs.key : undefined
}

/**
 * Returns the key of a definition that the broker does not allow together with one of its keys; undefined if there is
 * none.
 */
export function excludedKey(
  { excludes }: PolicyKey,
  definition: Readonly<Record<string, unknown>>,
): string | undefined {
  return excludes?.find((each) => Object.hasOwn(definition, each))
}

/** The rule for the value of a key in a version; without a version, the rules of all versions. */
export function policyValueRules({ value, valueBefore }: PolicyKey, version?: string): readonly ValueRule[] {
  if (valueBefore === undefined) return [value]
  if (version === undefined) return [valueBefore.value, value]
  return [isAtLeast(version, valueBefore.version) ? value : valueBefore.value]
}

/** Returns the key whose number exceeds a number that must not be smaller; undefined if there is none. */
export function exceededKey(
  { key, atLeast }: PolicyKey,
  definition: Readonly<Record<string, unknown>>,
): string | undefined {
  const value = definition[key]
  const least = atLeast === undefined ? undefined : definition[atLeast]
  return typeof value === 'number' && typeof least === 'number' && value < least ? atLeast : undefined
}
