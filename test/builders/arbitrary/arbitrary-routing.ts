import fc from 'fast-check'
import type { Arguments } from '../../../src/model/arguments.ts'
import type { Binding, Exchange, Policy, Queue } from '../../../src/model/topology.ts'
import type { HeaderValue } from '../../../src/insight/routing/header-value.ts'
import type { Message } from '../../../src/insight/routing/vhost-model.ts'
import { binding, exchange, policy, queue } from '../objects.ts'

/** Random topologies and messages in which much is named alike, so that many bindings match. */

export interface RoutedTopology {
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
  readonly policies: readonly Policy[]
  readonly operatorPolicies: readonly Policy[]
}

/** A message, and the exchange that it is published to. */
export interface Published {
  readonly exchange: string
  readonly message: Message
}

const EXCHANGES = ['e0', 'e1', 'e2', 'e3', 'e4']
export const QUEUES = ['q0', 'q1', 'q2', 'q3', 'q4']

const boundKey = fc
  .array(fc.constantFrom('a', 'b', '*', '#', ''), { maxLength: 3 })
  .map((words) => words.join('.'))
  // 4.3 refuses more than two.
  .filter((key) => key.split('.').filter((word) => word === '#').length <= 2)
const publishedKey = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('a', '*', '#'), { maxLength: 2 }) },
  )
  .map((words) => words.join('.'))

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
      fc.oneof({ weight: 3, arbitrary: plainValue }, fc.oneof(nestedValue, fc.constant(1_000))),
      { maxKeys: 2 },
    ),
  )
  .map(([match, table]) => ({ ...table, ...(match !== undefined && { 'x-match': match }) }))

const headers = fc.dictionary(headerName, fc.oneof({ weight: 3, arbitrary: plainValue }, nestedValue, typedValue), {
  maxKeys: 3,
})

const exchangeType = fc.constantFrom('direct', 'topic', 'headers', 'fanout', 'topic', 'direct')

function anyExchange(name: string, types: fc.Arbitrary<string>): fc.Arbitrary<Exchange> {
  return fc
    .tuple(types, fc.option(fc.constantFrom(...EXCHANGES, 'missing', ''), { freq: 3, nil: undefined }))
    .map(([type, alternate]) =>
      exchange(name, { type, ...(alternate !== undefined && { arguments: { 'alternate-exchange': alternate } }) }),
    )
}

/** @param weights of the bindings of a consistent-hash exchange are their keys */
function anyBinding(exchanges: readonly Exchange[]): fc.Arbitrary<Binding> {
  return fc
    .record({
      source: fc.constantFrom(...exchanges),
      destinationType: fc.constantFrom('queue' as const, 'queue' as const, 'exchange' as const),
      queue: fc.constantFrom(...QUEUES),
      exchange: fc.constantFrom(...EXCHANGES),
      routingKey: boundKey,
      table: boundTable,
    })
    .map(({ source, destinationType, ...rest }) => {
      const isHeaders = source.type === 'headers'
      const routingKey = source.type === 'x-consistent-hash' ? '1' : isHeaders ? '' : rest.routingKey
      const destination = destinationType === 'queue' ? rest.queue : rest.exchange
      return binding(source.name, destination, { destinationType, routingKey, arguments: isHeaders ? rest.table : {} })
    })
}

function unique(bindings: readonly Binding[]): readonly Binding[] {
  return [...new Map(bindings.map((each) => [JSON.stringify(each), each])).values()]
}

const alternatePolicy = fc
  .constantFrom(...EXCHANGES, 'missing')
  .chain((name) =>
    fc
      .record({ pattern: fc.constantFrom('^e[0-2]$', 'e', '1$'), priority: fc.constantFrom(1, 2) })
      .map((rest) =>
        policy('alternates', { ...rest, applyTo: 'exchanges', definition: { 'alternate-exchange': name } }),
      ),
  )

/** Topologies in which queues only keep messages. */
export function arbitraryRouting(plugins: boolean): fc.Arbitrary<RoutedTopology> {
  const types = plugins
    ? fc.oneof({ weight: 5, arbitrary: exchangeType }, fc.constant('x-consistent-hash'))
    : exchangeType
  return fc.tuple(...EXCHANGES.map((name) => anyExchange(name, types))).chain((exchanges) =>
    fc
      .record({
        bindings: fc.array(anyBinding(exchanges), { maxLength: 16 }),
        policies: fc.array(alternatePolicy, { maxLength: 1 }),
      })
      .map(({ bindings, policies }) => ({
        exchanges,
        queues: QUEUES.map((name) => queue(name)),
        bindings: unique(bindings),
        policies,
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

/** Times to live that differ so much that the order of what expires is certain. In milliseconds. */
const LIFETIMES = [600, 2_500]

/** What may end the life of a message in a queue. */
function anyQueue(name: string): fc.Arbitrary<Queue> {
  return fc
    .record({
      type: fc.constantFrom('classic', 'classic', 'quorum'),
      exchange: fc.option(fc.constantFrom(...EXCHANGES, '', 'missing'), { freq: 5, nil: undefined }),
      routingKey: fc.option(fc.oneof(fc.constantFrom(...QUEUES), publishedKey), { nil: undefined }),
      ttl: fc.option(fc.constantFrom(...LIFETIMES), { freq: 2, nil: undefined }),
      maxLength: fc.option(fc.constantFrom(0, 1, 2), { freq: 3, nil: undefined }),
      overflow: fc.option(fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'), { nil: undefined }),
      strategy: fc.boolean(),
      maxPriority: fc.option(fc.constantFrom(1, 5), { freq: 3, nil: undefined }),
    })
    .map(({ type, ...chosen }) => {
      const isQuorum = type === 'quorum'
      const overflow = isQuorum && chosen.overflow === 'reject-publish-dlx' ? 'drop-head' : chosen.overflow
      const table = {
        'x-dead-letter-exchange': chosen.exchange,
        'x-dead-letter-routing-key': chosen.exchange === undefined ? undefined : chosen.routingKey,
        'x-message-ttl': chosen.ttl,
        'x-max-length': chosen.maxLength,
        'x-overflow': overflow,
        'x-dead-letter-strategy':
          isQuorum && chosen.strategy && overflow === 'reject-publish' && chosen.exchange !== undefined
            ? 'at-least-once'
            : undefined,
        'x-max-priority': isQuorum ? undefined : chosen.maxPriority,
      }
      const given = Object.entries(table).filter(([, value]) => value !== undefined)
      return queue(name, { type, arguments: Object.fromEntries(given) as Arguments })
    })
}

const limitingPolicy = fc
  .record({
    pattern: fc.constantFrom('^q[0-2]$', 'q', '[13]$'),
    priority: fc.constantFrom(1, 2),
    definition: fc.record(
      {
        'message-ttl': fc.constantFrom(...LIFETIMES),
        'max-length': fc.constantFrom(1, 3),
        'dead-letter-exchange': fc.constantFrom(...EXCHANGES, ''),
        overflow: fc.constantFrom('drop-head', 'reject-publish'),
      },
      { requiredKeys: [] },
    ),
  })
  .filter(({ definition }) => Object.keys(definition).length > 0)
  .map(({ definition, ...rest }) => policy('limits', { ...rest, applyTo: 'queues', definition }))

const operatorLimits = fc
  .record({ 'message-ttl': fc.constantFrom(...LIFETIMES), 'max-length': fc.constantFrom(1, 3) }, { requiredKeys: [] })
  .filter((definition) => Object.keys(definition).length > 0)
  .map((definition) => policy('operators', { pattern: '[02]$', applyTo: 'queues', definition }))

/** Topologies in which queues give up messages: by time to live, length, or a consumer that rejects. */
export const arbitraryFates: fc.Arbitrary<RoutedTopology> = fc
  .tuple(...EXCHANGES.map((name) => anyExchange(name, fc.constantFrom('direct', 'topic', 'fanout'))))
  .chain((exchanges) =>
    fc
      .record({
        queues: fc.tuple(...QUEUES.map((name) => anyQueue(name))),
        bindings: fc.array(anyBinding(exchanges), { minLength: 4, maxLength: 16 }),
        policies: fc.array(limitingPolicy, { maxLength: 1 }),
        operatorPolicies: fc.array(operatorLimits, { maxLength: 1 }),
      })
      .map((rest) => ({ exchanges, ...rest, bindings: unique(rest.bindings) })),
  )

/** Messages with a time to live and a priority, where they have one. */
export const publishedWithFate: fc.Arbitrary<Published> = fc
  .tuple(
    published,
    fc.record(
      { expiration: fc.constantFrom(...LIFETIMES), priority: fc.constantFrom(0, 1, 6), bytes: fc.constantFrom(1, 50) },
      { requiredKeys: [] },
    ),
  )
  .map(([{ exchange: name, message }, fate]) => ({ exchange: name, message: { ...message, ...fate } }))
