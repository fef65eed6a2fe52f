import fc from 'fast-check'
import type { Binding, Exchange, Policy, Queue } from '../../../src/model/topology.ts'
import type { HeaderValue } from '../../../src/insight/routing/header-value.ts'
import type { Message } from '../../../src/insight/routing/vhost-model.ts'
import { binding, exchange, policy, queue } from '../objects.ts'

/** Random topologies and messages with few names, so that many bindings match. */

export interface RoutedTopology {
  /** The rights of a user other than the administrator who publishes; absent if the administrator does. */
  readonly rights?: UserRights
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
  readonly policies: readonly Policy[]
  readonly operatorPolicies: readonly Policy[]
}

/** The rights of a user in the virtual host of the topology. */
export interface UserRights {
  readonly write: string
  readonly read: string
  /** For one exchange each. */
  readonly topics: readonly { readonly exchange: string; readonly write: string }[]
}

/** A message, and the exchange that it is published to. */
export interface Published {
  readonly exchange: string
  readonly message: Message
}

export const EXCHANGES = ['e0', 'e1', 'e2', 'e3', 'e4']
export const QUEUES = ['q0', 'q1', 'q2', 'q3', 'q4']

const boundKey = fc
  .array(fc.constantFrom('a', 'b', '*', '#', ''), { maxLength: 3 })
  .map((words) => words.join('.'))
  // 4.3 refuses more than two.
  .filter((key) => key.split('.').filter((word) => word === '#').length <= 2)
export const publishedKey = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('a', '*', '#'), { maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('a', '{username}', '{vhost}'), { minLength: 1, maxLength: 2 }) },
  )
  .map((words) => words.join('.'))

/** There are so few keys that a binding often matches. */
const commonValue = fc.constantFrom<HeaderValue>('a', 1)
const plainValue = fc.constantFrom<HeaderValue>(1, 2, 1.5, 'a', '1', true, false, '')
const nestedValue = fc.constantFrom<HeaderValue>(['a'], [], {}, { k: 'a' }, [1], ['a', 'b'])
const typedValue = fc.constantFrom<HeaderValue>(
  { '!': 'double', value: 1 },
  { '!': 'long', value: 1 },
  { '!': 'timestamp', value: 1 },
  ['a', { '!': 'long', value: 1 }],
  [{ '!': 'long', value: 1 }],
  null,
)
const headerName = fc.constantFrom('h', 'i', 'x-h')

const boundTable = fc
  .tuple(
    fc.constantFrom(undefined, 'all', 'any', 'all-with-x', 'any-with-x'),
    fc.dictionary(
      headerName,
      fc.oneof(
        { weight: 3, arbitrary: commonValue },
        { weight: 2, arbitrary: plainValue },
        fc.oneof(nestedValue, fc.constant(1_000)),
      ),
      { minKeys: 1, maxKeys: 2, size: 'max' },
    ),
  )
  .map(([match, table]) => ({ ...table, ...(match !== undefined && { 'x-match': match }) }))

const headers = fc.dictionary(
  headerName,
  fc.oneof(
    { weight: 3, arbitrary: commonValue },
    { weight: 2, arbitrary: plainValue },
    fc.oneof(nestedValue, typedValue),
  ),
  { maxKeys: 3, size: 'max' },
)

const exchangeType = fc.constantFrom('direct', 'topic', 'headers', 'fanout', 'topic', 'direct')

export function anyExchange(name: string, types: fc.Arbitrary<string>): fc.Arbitrary<Exchange> {
  return fc
    .tuple(types, fc.constantFrom(undefined, undefined, undefined, ...EXCHANGES.slice(0, 3), 'missing', ''))
    .map(([type, alternate]) =>
      exchange(name, { type, ...(alternate !== undefined && { arguments: { 'alternate-exchange': alternate } }) }),
    )
}

/** @param weights the keys of the bindings of a consistent-hash exchange */
export function anyBinding(exchanges: readonly Exchange[]): fc.Arbitrary<Binding> {
  return fc
    .record({
      source: fc.constantFrom(...exchanges),
      destinationType: fc.constantFrom('queue' as const, 'queue' as const, 'exchange' as const),
      queue: fc.constantFrom(...QUEUES),
      exchange: fc.constantFrom(...EXCHANGES),
      routingKey: boundKey,
      table: boundTable,
      weight: fc.constantFrom('1', '2', '3'),
    })
    .map(({ source, destinationType, ...rest }) => {
      const { type } = source
      // It accepts only queues.
      const isToQueue = destinationType === 'queue' || type === 'x-local-random'
      const keys: Readonly<Record<string, string>> = {
        headers: '',
        'x-local-random': '',
        'x-consistent-hash': rest.weight,
      }
      return binding(source.name, isToQueue ? rest.queue : rest.exchange, {
        destinationType: isToQueue ? 'queue' : 'exchange',
        routingKey: keys[type] ?? rest.routingKey,
        arguments: type === 'headers' ? rest.table : {},
      })
    })
}

export function unique(bindings: readonly Binding[]): readonly Binding[] {
  return [...new Map(bindings.map((each) => [JSON.stringify(each), each])).values()]
}

/** If two of them have the same priority, it is undefined which one applies. */
const alternatePolicies = fc
  .array(
    fc.record({
      exchange: fc.constantFrom(...EXCHANGES, 'missing'),
      pattern: fc.constantFrom('^e[0-2]$', 'e', '1$'),
      priority: fc.constantFrom(1, 2),
    }),
    { maxLength: 2 },
  )
  .map((chosen) =>
    chosen.map(({ exchange: name, ...rest }, at) =>
      policy(`alternates${at}`, { ...rest, applyTo: 'exchanges', definition: { 'alternate-exchange': name } }),
    ),
  )

/** Patterns of permissions: with and without anchors, and one that only the broker's engine accepts. */
const exchangePattern = fc.constantFrom('.*', '.*', '.*', 'e', '^e[0-3]$', '^(e0|amq\\.default)$', '', '[^1]$')
const keyPattern = fc.constantFrom('.*', '^a', 'b$', '', '^[^.]*$', '^(a|b)\\.', '{username}', '^{vhost}$', '#')

const rights: fc.Arbitrary<UserRights> = fc.record({
  write: exchangePattern,
  read: fc.constantFrom('.*', '^q[0-2]$', '3', '', '^$', '^Q'),
  topics: fc.uniqueArray(fc.record({ exchange: fc.constantFrom(...EXCHANGES), write: keyPattern }), {
    maxLength: 3,
    selector: ({ exchange: name }) => name,
  }),
})

/**
 * Topologies in which queues only keep messages.
 *
 * @param pluginTypes types of exchanges that the broker has in addition
 */
export function arbitraryRouting(pluginTypes: readonly string[]): fc.Arbitrary<RoutedTopology> {
  const types = fc.oneof({ weight: 5, arbitrary: exchangeType }, fc.constantFrom(...pluginTypes))
  return fc.tuple(...EXCHANGES.map((name) => anyExchange(name, types))).chain((exchanges) =>
    fc
      .record({
        bindings: fc.array(anyBinding(exchanges), { minLength: 8, maxLength: 24, size: 'max' }),
        policies: alternatePolicies,
        rights,
      })
      .map(({ bindings, ...rest }) => ({
        ...rest,
        exchanges,
        queues: QUEUES.map((name) => queue(name)),
        bindings: unique(bindings),
        operatorPolicies: [],
      })),
  )
}

export const published: fc.Arbitrary<Published> = fc
  .record({
    exchange: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...EXCHANGES) }, fc.constant('')),
    routingKey: fc.oneof({ weight: 8, arbitrary: publishedKey }, fc.constantFrom(...QUEUES)),
    headers,
    CC: fc.option(fc.array(fc.oneof(publishedKey, fc.constantFrom(...QUEUES)), { maxLength: 2 }), {
      freq: 4,
      nil: undefined,
    }),
    BCC: fc.option(fc.array(publishedKey, { maxLength: 2 }), { freq: 5, nil: undefined }),
  })
  .map(({ exchange: name, routingKey, headers: table, CC, BCC }) => ({
    exchange: name,
    message: {
      routingKey,
      headers: { ...table, ...(CC !== undefined && { CC }), ...(BCC !== undefined && { BCC }) },
    },
  }))

/** Replaces the placeholders for the names of the user and of the virtual host in the keys of a message. */
export function withNames(
  { exchange: name, message }: Published,
  { username, vhost }: { readonly username: string; readonly vhost: string },
): Published {
  const named = (text: string) => text.replaceAll('{username}', username).replaceAll('{vhost}', vhost)
  const lists = Object.entries(message.headers ?? {}).map(([header, value]) => [
    header,
    (header === 'CC' || header === 'BCC') && Array.isArray(value) ? value.map((each) => named(String(each))) : value,
  ])
  return {
    exchange: name,
    message: { ...message, routingKey: named(message.routingKey), headers: Object.fromEntries(lists) },
  }
}
