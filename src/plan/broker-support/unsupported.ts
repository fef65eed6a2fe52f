import { canonicalJson } from '../../model/address.ts'
import { exceededKeyLimit } from '../../model/broker-tables/binding-key.ts'
import { argumentProblem } from '../../model/broker-tables/argument-problem.ts'
import { describeRule } from '../../model/broker-tables/value-rule.ts'
import type { Binding, Parameter, Policy, Queue, User } from '../../model/topology.ts'
import { isAtLeast, isWithin } from '../../model/broker-version.ts'
import type { Abilities, Unsupported } from './abilities.ts'
import { isUnknownComponent, missingPlugin } from './missing-plugin.ts'
import type { Difference, WriteChange } from '../change.ts'
import { unsupportedPolicy } from './unsupported-policy.ts'
import { parameterProblems } from '../../model/broker-tables/parameter-problem.ts'
import { revealCredentials } from '../../model/secrets/mask-credentials.ts'

/** rabbit_vhost: before this version, a PUT answers 204 and keeps the old type. */
const DEFAULT_QUEUE_TYPE_CHANGES_SINCE = '3.11.17'

/** rabbit_re: longer regular expressions are refused. The first releases of 4.3 are older than the eighth patch of 4.2. */
const EXPRESSION_LIMIT = 1_024
const EXPRESSION_LIMIT_IN = [{ since: '4.2.8', until: '4.3.0' }, { since: '4.3.2' }]

/**
 * A stream has a folder that is named after vhost, stream and time of creation (rabbit_stream_queue, stream_name),
 * and the name of a file has at most 255 bytes. If the name is longer, the broker still answers with success and
 * reports the stream as running, but confirms no message and tries to start it forever. From RabbitMQ 4.0 on, each
 * character needs one byte of the folder's name; before, each byte does.
 */
const STREAM_NAME_LIMIT = 234
const STREAM_NAME_IN_CHARACTERS_SINCE = '4.0.0'

/**
 * Before this version, the broker accepts the argument without effect: it redelivers a rejected message immediately,
 * in a busy loop.
 */
const DELAYED_RETRY_SINCE = '4.3.1'

/** The types of declared and live objects on which the support of a change depends. */
export interface KnownTypes {
  /** The type of the source exchange of a binding, if it is known. */
  sourceTypeOf(binding: Binding): string | undefined
  /** The default queue type of a vhost, if it is known. */
  defaultTypeOf(vhost: string): string | undefined
}

/** The first reason why the connected broker does not support a change; undefined if there is none. */
export function unsupportedBy(broker: Abilities, change: WriteChange, known: KnownTypes): Unsupported | undefined {
  switch (change.kind) {
    case 'vhost':
      return defaultQueueType(broker, change)
    case 'exchange':
      return exchangeType(broker, change.after.type)
    case 'queue':
      return (
        deniedFeature(broker, change.after) ??
        streamName(broker, change.after) ??
        refusedArgument(broker, change.after, change.after.type ?? known.defaultTypeOf(change.after.vhost)) ??
        newArgument(broker, change.after.arguments)
      )
    case 'policy':
      return policy('policy', broker, change.after)
    case 'operator-policy':
      return broker.forbidsOperatorPolicies
        ? { kind: 'operator-policies-forbidden' }
        : policy('operator-policy', broker, change.after)
    case 'permission':
      return tooLong(broker, change.after, ['configure', 'write', 'read'])
    case 'topic-permission':
      return tooLong(broker, change.after, ['write', 'read'])
    case 'parameter':
      return component(broker, change.after.component) ?? refusedParameter(broker, change.after)
    case 'user':
      return 'differences' in change && changesUser(change.differences) && isProtectedUser(broker, change.before)
        ? { kind: 'user-protected' }
        : undefined
    case 'binding':
      return refusedKey(broker, change.after, known.sourceTypeOf(change.after))
    case 'global-parameter':
      return undefined
  }
}

function defaultQueueType({ version }: Abilities, change: WriteChange & { kind: 'vhost' }): Unsupported | undefined {
  const changes = 'differences' in change && change.differences.some(({ property }) => property === 'defaultQueueType')
  return changes && !isAtLeast(version, DEFAULT_QUEUE_TYPE_CHANGES_SINCE)
    ? { kind: 'default-queue-type-fixed', since: DEFAULT_QUEUE_TYPE_CHANGES_SINCE }
    : undefined
}

/** Release notes of 4.2.0: the API neither changes nor deletes users with this tag. */
const PROTECTED_TAG = 'protected'
const PROTECTED_TAG_SINCE = '4.2.0'

/** Whether the broker refuses to change or delete a live user through its API. */
export function isProtectedUser({ version }: Pick<Abilities, 'version'>, { tags = [] }: User): boolean {
  return tags.includes(PROTECTED_TAG) && isAtLeast(version, PROTECTED_TAG_SINCE)
}

/** Limits have their own endpoint, which this tag does not protect. */
function changesUser(differences: readonly Difference[]): boolean {
  return differences.some(({ property }) => !property.startsWith('limits.'))
}

function exchangeType({ exchangeTypes }: Abilities, type: string): Unsupported | undefined {
  return exchangeTypes.length === 0 || exchangeTypes.includes(type)
    ? undefined
    : { kind: 'exchange-type', type, offered: exchangeTypes }
}

/** rabbit_amqqueue and rabbit_queue_location: the property of a queue that needs a deprecated feature. */
function deniedFeature({ deniedFeatures }: Abilities, { durable, arguments: table }: Queue): Unsupported | undefined {
  if (!durable && deniedFeatures.includes('transient_nonexcl_queues')) {
    return { kind: 'feature-denied', feature: 'transient_nonexcl_queues', needs: 'durable: false' }
  }
  return Object.hasOwn(table, 'x-queue-master-locator') && deniedFeatures.includes('queue_master_locator')
    ? { kind: 'feature-denied', feature: 'queue_master_locator', needs: 'x-queue-master-locator' }
    : undefined
}

function streamName({ version }: Abilities, { type, vhost, name }: Queue): Unsupported | undefined {
  if (type !== 'stream') return undefined
  const unit = isAtLeast(version, STREAM_NAME_IN_CHARACTERS_SINCE) ? 'characters' : 'bytes'
  const length = unit === 'bytes' ? Buffer.byteLength(vhost + name) : Array.from(vhost + name).length
  return length > STREAM_NAME_LIMIT
    ? { kind: 'stream-name-too-long', length, unit, limit: STREAM_NAME_LIMIT }
    : undefined
}

/** The part of an argument that this version of the broker refuses, according to the table of arguments. */
function refusedArgument(
  { version }: Abilities,
  { arguments: table }: Queue,
  type: string | undefined,
): Unsupported | undefined {
  for (const name of Object.keys(table).toSorted()) {
    const problem = argumentProblem(type, name, table, version)
    if (problem === undefined) continue
    const expected = problem.kind === 'value' ? describeRule(problem.expected) : undefined
    const needs = problem.kind === 'needs' ? problem.argument : undefined
    return {
      kind: 'argument-refused',
      argument: name,
      ...(type !== undefined && { type }),
      ...(expected !== undefined && { value: canonicalJson(table[name]), expected }),
      ...(needs !== undefined && { needs }),
    }
  }
  return undefined
}

function refusedKey(
  { version }: Abilities,
  { routingKey }: Binding,
  type: string | undefined,
): Unsupported | undefined {
  const exceeded = type === undefined ? undefined : exceededKeyLimit(type, routingKey, version)
  return exceeded && { kind: 'routing-key-refused', routingKey, ...exceeded }
}

function newArgument({ version }: Abilities, table: Readonly<Record<string, unknown>>): Unsupported | undefined {
  const argument = Object.keys(table).find((name) => name.startsWith('x-delayed-retry-'))
  return argument !== undefined && !isAtLeast(version, DELAYED_RETRY_SINCE)
    ? { kind: 'argument-new', argument: `${argument}: ${String(table[argument])}`, since: DELAYED_RETRY_SINCE }
    : undefined
}

function policy(kind: 'policy' | 'operator-policy', broker: Abilities, declared: Policy): Unsupported | undefined {
  return unsupportedPolicy(kind, broker, declared) ?? tooLong(broker, declared, ['pattern'])
}

function tooLong<K extends string>(
  { version }: Abilities,
  object: { readonly [P in K]: string },
  properties: readonly K[],
): Unsupported | undefined {
  if (!isWithin(version, EXPRESSION_LIMIT_IN)) return undefined
  const property = properties.find((each) => Buffer.byteLength(object[each]) > EXPRESSION_LIMIT)
  if (property === undefined) return undefined
  return { kind: 'expression-too-long', property, bytes: Buffer.byteLength(object[property]), limit: EXPRESSION_LIMIT }
}

function component({ plugins, enabledPlugins }: Abilities, name: string): Unsupported | undefined {
  if (isUnknownComponent(enabledPlugins, name)) return { kind: 'component-unknown', component: name }
  const plugin = missingPlugin(plugins, name)
  return plugin === undefined ? undefined : { kind: 'plugin-missing', component: name, plugin }
}

/**
 * The part of a plugin's parameter that this version of the broker refuses, according to the tables. The result
 * contains no part of the value.
 */
function refusedParameter({ version }: Abilities, { component, value }: Parameter): Unsupported | undefined {
  const [first] = parameterProblems(component, revealCredentials(value), version)
  if (first === undefined) return undefined
  const { path, problem } = first
  const key = path.findLast((each) => typeof each === 'string')
  const refused = { kind: 'parameter-refused', component, ...(key !== undefined && { key }) } as const
  switch (problem.kind) {
    case 'value':
      return { ...refused, expected: describeRule(problem.expected) }
    case 'uri':
      return { ...refused, expected: `an AMQP URI: ${problem.reason}` }
    case 'unknown':
      return { ...refused, ...(problem.since !== undefined && { since: problem.since }) }
    case 'other-protocol':
      return { ...refused, excludes: `${problem.end}-protocol: ${problem.protocol}` }
    case 'missing':
      return { ...refused, needs: problem.keys.join(' or ') }
    case 'excludes':
      return { ...refused, excludes: problem.other }
  }
}
