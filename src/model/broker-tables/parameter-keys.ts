import { QUEUE_ARGUMENTS } from './queue-arguments.ts'
import { OLDEST } from './support.ts'
import type { ValueRule } from './value-rule.ts'

/** The protocols of the two ends of a shovel. */
export const SHOVEL_PROTOCOLS = ['amqp091', 'amqp10', 'local'] as const
export type ShovelProtocol = (typeof SHOVEL_PROTOCOLS)[number]

/** A key in the value of a plugin's parameter. */
export interface ParameterKey {
  readonly key: string
  readonly value: ValueRule
  /** The rule before a version, if it was different. */
  readonly valueBefore?: { readonly version: string; readonly value: ValueRule }
  readonly required?: true
  /** Another key that the broker does not allow together with this one. */
  readonly excludes?: string
  /** The first version with the key; absent if all versions have it. */
  readonly since?: string
  /** The first version without it. */
  readonly removedIn?: string
  /** For a shovel, the end whose protocols support the key from a version on; absent if all do. */
  readonly end?: 'src' | 'dest'
  readonly protocols?: Readonly<Partial<Record<ShovelProtocol, string>>>
}

const TEXT: ValueRule = { form: 'text' }
const NUMBER: ValueRule = { form: 'number' }
const BOOLEAN: ValueRule = { form: 'boolean' }
const URIS: ValueRule = { form: 'uris' }
const ANY: ValueRule = { form: 'any' }
const TEXTS: ValueRule = { form: 'table', what: 'a table of strings', others: TEXT }
const TABLE: ValueRule = { form: 'table', what: 'a table of arguments', others: ANY }
/** Arguments of a queue that a shovel declares. A plugin may support others. */
const QUEUE_TABLE: ValueRule = {
  form: 'table',
  what: 'a table of queue arguments with valid values',
  keys: Object.fromEntries(QUEUE_ARGUMENTS.map(({ name, value, unvalidated }) => [name, unvalidated ? ANY : value])),
  others: ANY,
}
const ACK_MODE: ValueRule = { form: 'one-of', values: ['no-ack', 'on-publish', 'on-confirm'] }
const DELETE_AFTER: ValueRule = {
  form: 'either',
  rules: [
    { form: 'integer', minimum: 0 },
    { form: 'one-of', values: ['never', 'queue-length'] },
  ],
}
/** Ten years (rabbit_misc:check_expiry). */
const SECONDS: ValueRule = { form: 'integer', minimum: 1, maximum: 315_360_000 }
const OWNER: ValueRule = {
  form: 'table',
  what: 'a table with the name, the kind (exchange or queue) and the virtual_host of the owner',
  keys: { name: TEXT, kind: { form: 'one-of', values: ['exchange', 'queue'] }, virtual_host: TEXT },
  others: 'none',
}
const PROPERTIES: ValueRule = {
  form: 'table',
  what: 'a table of message properties such as content_type',
  keys: {
    content_type: TEXT,
    content_encoding: TEXT,
    delivery_mode: NUMBER,
    priority: NUMBER,
    correlation_id: TEXT,
    reply_to: TEXT,
    expiration: TEXT,
    message_id: TEXT,
    timestamp: NUMBER,
    type: TEXT,
    user_id: TEXT,
    app_id: TEXT,
    cluster_id: TEXT,
  },
  others: 'none',
}

/** Local shovels came with RabbitMQ 4.2. */
export const LOCAL_SINCE = '4.2.0'
/** rabbit_shovel_util, validate_amqp_table_args: from this release on, only the arguments that the broker knows are checked. */
const CHECKS_VALUES_SINCE = '4.2.5'

/** Before, a broker refuses unknown arguments, and accepts any value of the others. */
function knownNames(what: string, names: readonly string[]): NonNullable<ParameterKey['valueBefore']> {
  const keys = Object.fromEntries(names.map((name) => [name, ANY]))
  return { version: CHECKS_VALUES_SINCE, value: { form: 'table', what, keys, others: 'none' } }
}

const QUEUE_TABLE_BEFORE = knownNames('a table of queue arguments that RabbitMQ knows', [
  'x-queue-type',
  ...QUEUE_ARGUMENTS.map(({ name }) => name),
])
const CONSUMER_TABLE_BEFORE = knownNames('a table of consumer arguments that RabbitMQ knows', [
  'x-priority',
  'x-credit',
  'x-cancel-on-ha-failover',
  'x-stream-offset',
  'x-stream-filter',
  'x-stream-match-unfiltered',
])

const AMQP091 = { amqp091: OLDEST }
const QUEUES = { amqp091: OLDEST, local: LOCAL_SINCE }
const AMQP10 = { amqp10: OLDEST }

const PROTOCOL: ValueRule = { form: 'one-of', values: SHOVEL_PROTOCOLS }
const PROTOCOL_BEFORE = {
  version: LOCAL_SINCE,
  value: { form: 'one-of', values: ['amqp091', 'amqp10'] },
} as const satisfies ParameterKey['valueBefore']

/**
 * The keys of shovels (rabbit_shovel_parameters, and from 4.2.1 on rabbit_amqp091_shovel, rabbit_amqp10_shovel and
 * rabbit_local_shovel), each tried on 3.10.8, 4.0.5 and 4.3.6. The other versions are the first release whose sources
 * contain the key. A broker refuses every other key.
 */
const SHOVEL: readonly ParameterKey[] = [
  { key: 'ack-mode', value: ACK_MODE },
  { key: 'internal', value: BOOLEAN, since: '4.2.0' },
  { key: 'internal_owner', value: OWNER, since: '4.2.0' },
  { key: 'reconnect-delay', value: NUMBER },

  { key: 'src-protocol', value: PROTOCOL, valueBefore: PROTOCOL_BEFORE, end: 'src' },
  { key: 'src-uri', value: URIS, required: true, end: 'src' },
  { key: 'src-queue', value: TEXT, excludes: 'src-exchange', end: 'src', protocols: QUEUES },
  { key: 'src-queue-args', value: QUEUE_TABLE, valueBefore: QUEUE_TABLE_BEFORE, end: 'src', protocols: QUEUES },
  { key: 'src-exchange', value: TEXT, excludes: 'src-queue', end: 'src', protocols: QUEUES },
  { key: 'src-exchange-key', value: TEXT, end: 'src', protocols: QUEUES },
  { key: 'src-address', value: TEXT, required: true, end: 'src', protocols: AMQP10 },
  {
    key: 'src-consumer-args',
    value: TABLE,
    valueBefore: CONSUMER_TABLE_BEFORE,
    end: 'src',
    protocols: { ...QUEUES, amqp10: '4.3.3' },
  },
  { key: 'src-consumer-name', value: TEXT, since: '4.3.0', end: 'src' },
  { key: 'src-predeclared', value: BOOLEAN, since: '4.0.0', end: 'src', protocols: { ...QUEUES, amqp10: '4.3.0' } },
  { key: 'src-prefetch-count', value: NUMBER, end: 'src', protocols: { ...AMQP091, ...AMQP10 } },
  { key: 'prefetch-count', value: NUMBER, end: 'src', protocols: AMQP091 },
  { key: 'src-delete-after', value: DELETE_AFTER, end: 'src' },
  { key: 'src-delete-after-duration', value: SECONDS, since: '4.3.5', end: 'src' },
  { key: 'delete-after', value: DELETE_AFTER, end: 'src', protocols: AMQP091 },

  { key: 'dest-protocol', value: PROTOCOL, valueBefore: PROTOCOL_BEFORE, end: 'dest' },
  { key: 'dest-uri', value: URIS, required: true, end: 'dest' },
  {
    key: 'dest-queue',
    value: { form: 'text', maxBytes: 255 },
    excludes: 'dest-exchange',
    end: 'dest',
    protocols: QUEUES,
  },
  { key: 'dest-queue-args', value: QUEUE_TABLE, valueBefore: QUEUE_TABLE_BEFORE, end: 'dest', protocols: QUEUES },
  { key: 'dest-exchange', value: TEXT, excludes: 'dest-queue', end: 'dest', protocols: QUEUES },
  { key: 'dest-exchange-key', value: TEXT, end: 'dest', protocols: QUEUES },
  { key: 'dest-address', value: TEXT, required: true, end: 'dest', protocols: AMQP10 },
  { key: 'dest-predeclared', value: BOOLEAN, since: '4.0.0', end: 'dest', protocols: { ...QUEUES, amqp10: '4.3.0' } },
  { key: 'dest-add-forward-headers', value: BOOLEAN, end: 'dest' },
  { key: 'add-forward-headers', value: BOOLEAN, end: 'dest', protocols: AMQP091 },
  { key: 'dest-add-timestamp-header', value: BOOLEAN, end: 'dest' },
  { key: 'add-timestamp-header', value: BOOLEAN, end: 'dest', protocols: AMQP091 },
  { key: 'dest-publish-properties', value: PROPERTIES, end: 'dest', protocols: AMQP091 },
  { key: 'publish-properties', value: PROPERTIES, end: 'dest', protocols: AMQP091 },
  { key: 'dest-properties', value: TEXTS, end: 'dest', protocols: AMQP10 },
  { key: 'dest-application-properties', value: TEXTS, end: 'dest', protocols: AMQP10 },
  { key: 'dest-message-annotations', value: TEXTS, end: 'dest', protocols: AMQP10 },
]

/** The keys that federation upstreams and the members of upstream sets share (rabbit_federation_parameters). */
const UPSTREAM: readonly ParameterKey[] = [
  { key: 'ack-mode', value: ACK_MODE },
  { key: 'bind-nowait', value: BOOLEAN },
  { key: 'channel-use-mode', value: { form: 'one-of', values: ['multiple', 'single'] } },
  { key: 'consumer-tag', value: TEXT },
  { key: 'exchange', value: TEXT },
  { key: 'expires', value: NUMBER },
  { key: 'ha-policy', value: TEXT, removedIn: '3.13.1' },
  { key: 'max-hops', value: NUMBER },
  { key: 'message-ttl', value: NUMBER },
  { key: 'prefetch-count', value: NUMBER },
  { key: 'queue', value: TEXT },
  { key: 'queue-type', value: { form: 'one-of', values: ['classic', 'quorum'] }, since: '3.13.1' },
  { key: 'reconnect-delay', value: NUMBER },
  { key: 'resource-cleanup-mode', value: { form: 'one-of', values: ['default', 'never'] } },
  { key: 'trust-user-id', value: BOOLEAN },
]

/** Components of parameters whose values the broker checks, by name; the value of an upstream set is a list of tables. */
export const PARAMETER_KEYS = {
  shovel: SHOVEL,
  'federation-upstream': [{ key: 'uri', value: URIS, required: true }, ...UPSTREAM],
  'federation-upstream-set': [{ key: 'upstream', value: TEXT, required: true }, ...UPSTREAM],
} as const satisfies Readonly<Record<string, readonly ParameterKey[]>>

export type CheckedComponent = keyof typeof PARAMETER_KEYS

/** The keys of a component; undefined for a component of another plugin. */
export function parameterKeys(component: string): readonly ParameterKey[] | undefined {
  return isCheckedComponent(component) ? PARAMETER_KEYS[component] : undefined
}

function isCheckedComponent(component: string): component is CheckedComponent {
  return Object.hasOwn(PARAMETER_KEYS, component)
}
