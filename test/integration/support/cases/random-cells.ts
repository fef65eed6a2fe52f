import fc from 'fast-check'
import type { ArgumentValue } from '../../../../src/model/arguments.ts'
import { EXCHANGE_ARGUMENTS } from '../../../../src/model/broker-tables/exchange-arguments.ts'
import { type CheckedComponent, PARAMETER_KEYS } from '../../../../src/model/broker-tables/parameter-keys.ts'
import { POLICY_KEYS } from '../../../../src/model/broker-tables/policy-keys.ts'
import { QUEUE_ARGUMENTS, QUEUE_TYPES } from '../../../../src/model/broker-tables/queue-arguments.ts'
import type { ValueRule } from '../../../../src/model/broker-tables/value-rule.ts'
import type { Path } from '../brokers/management-api.ts'
import { edgesOf } from '../edges-of.ts'

type Table = Readonly<Record<string, ArgumentValue>>

/** The vhost of a cell, the name of its object there, and an existing user. */
export interface Place {
  readonly vhost: string
  readonly name: string
  readonly user: string
}

/** One declaration with random contents, and the request that writes the same without warren. */
export interface Cell {
  /** The sections of a document. */
  declare(place: Place): Readonly<Record<string, unknown>>
  request(place: Place): { readonly method: 'put' | 'post'; readonly path: Path; readonly body: unknown }
}

/** Values for any argument. */
const STRANGE: readonly ArgumentValue[] = [0, -1, 1.5, 2 ** 31, 2 ** 40, '', 'text', '60000', true, [], ['a'], { a: 1 }]

/** Longer than a test, so that no queue expires while it runs. */
const SHORTEST_EXPIRY = 3_600_000

/** Expressions that PCRE accepts, expressions that it refuses, and some for which JavaScript decides differently. */
const EXPRESSIONS =
  String.raw`^a .* * [ a{2} a{2,1} (?P<n>a) (?<n>a) (?i)a [[:alpha:]] [[:foo:]] \d+ \ a** a++ (a a) (?<=a+)b \p{L} [z-a] (a)\2 \u0041 [^] [] \Qa[\E {1} a|*b ^+ (?:a \cA`.split(
    ' ',
  )

function valueOf(rule: ValueRule): fc.Arbitrary<ArgumentValue> {
  const strange = fc.constantFrom(...STRANGE)
  const edges = edgesOf(rule)
  return edges.length === 0
    ? strange
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...edges) }, { weight: 1, arbitrary: strange })
}

interface Row {
  readonly name: string
  readonly value: ValueRule
}

function tableOf(rows: readonly Row[], maxLength = 2): fc.Arbitrary<Table> {
  return fc
    .subarray([...rows], { minLength: 1, maxLength })
    .chain((chosen) => fc.tuple(...chosen.map(({ name, value }) => fc.tuple(fc.constant(name), valueOf(value)))))
    .map((entries) => Object.fromEntries(entries))
}

const argumentRows = QUEUE_ARGUMENTS
  // Whether a broker accepts it also depends on its configuration, and not on its version alone.
  .filter(({ name }) => name !== 'x-queue-master-locator')
  .map(({ name, value }): Row => {
    return { name, value: name === 'x-expires' ? { form: 'integer', minimum: SHORTEST_EXPIRY } : value }
  })

const queues = fc
  .record({ type: fc.constantFrom(...QUEUE_TYPES), table: tableOf(argumentRows) })
  .map(({ type, table }): Cell => ({
    declare: ({ name }) => ({ queues: { [name]: { type, arguments: table } } }),
    request: ({ vhost, name }) => ({
      method: 'put',
      path: ['queues', vhost, name],
      body: { durable: true, arguments: { 'x-queue-type': type, ...table } },
    }),
  }))

const EXCHANGE_TYPES =
  'direct topic fanout headers x-consistent-hash x-recent-history x-random x-local-random x-modulus-hash nonsense'

const exchanges = fc
  .record({ type: fc.constantFrom(...EXCHANGE_TYPES.split(' ')), table: tableOf(EXCHANGE_ARGUMENTS) })
  .map(({ type, table }): Cell => ({
    declare: ({ name }) => ({ exchanges: { [name]: { type, arguments: table } } }),
    request: ({ vhost, name }) => ({
      method: 'put',
      path: ['exchanges', vhost, name],
      body: { type, durable: true, arguments: table },
    }),
  }))

/** The exchanges and queues that the random bindings connect: one of each type, named after it. */
export const ENDS: {
  readonly exchanges: Readonly<Record<string, { readonly type: string }>>
  readonly queues: Readonly<Record<string, { readonly type: string }>>
} = {
  exchanges: named(['direct', 'topic', 'headers', 'x-consistent-hash']),
  queues: named(QUEUE_TYPES),
}

function named(types: readonly string[]) {
  return Object.fromEntries(types.map((type) => [type, { type }]))
}

const ROUTING_KEYS = ['', '0', '1', '+5', '007', '-1', 'five', '10001', '#.a.#', '#.a.#.b.#', 'a~', '*', 'null']

const bindings = fc
  .record({
    source: fc.constantFrom(...Object.keys(ENDS.exchanges), 'amq.headers', 'amq.match', 'amq.topic'),
    destination: fc.constantFrom(...Object.keys(ENDS.queues), 'topic'),
    routingKey: fc.constantFrom(...ROUTING_KEYS, 'x'.repeat(256)),
    table: fc.dictionary(
      fc.constantFrom('x-match', 'a', 'x-b'),
      fc.constantFrom<ArgumentValue>('all', 'any', 'all-with-x', 'some', 'All', ...STRANGE),
      { maxKeys: 2 },
    ),
  })
  .map(({ source, destination, routingKey, table }): Cell => {
    const isQueue = Object.hasOwn(ENDS.queues, destination)
    return {
      declare: () => ({
        ...ENDS,
        bindings: [
          { source, destination: { [isQueue ? 'queue' : 'exchange']: destination }, routingKey, arguments: table },
        ],
      }),
      request: ({ vhost }) => ({
        method: 'post',
        path: ['bindings', vhost, 'e', source, isQueue ? 'q' : 'e', destination],
        body: { routing_key: routingKey, arguments: table },
      }),
    }
  })

const policyRows = POLICY_KEYS.filter(({ key }) => key !== 'queue-master-locator').map(({ key, value }): Row => ({
  name: key,
  value,
}))

/** About half of the parts of a policy, apart from its definition, are plain. */
function policies(section: string, segment: string): fc.Arbitrary<Cell> {
  return fc
    .record({
      pattern: mostly('^nothing$', EXPRESSIONS),
      applyTo: mostly('all', ['queues', 'exchanges', 'classic_queues', 'quorum_queues', 'streams', 'everything']),
      priority: mostly<ArgumentValue>(0, [5, -5, 1.5, '5', 2 ** 40]),
      definition: tableOf(policyRows),
    })
    .map(({ pattern, applyTo, priority, definition }): Cell => ({
      declare: ({ name }) => ({ [section]: { [name]: { pattern, applyTo, priority, definition } } }),
      request: ({ vhost, name }) => ({
        method: 'put',
        path: [segment, vhost, name],
        body: { pattern, 'apply-to': applyTo, priority, definition },
      }),
    }))
}

function mostly<T>(usual: T, others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
}

/** A valid value of each component; nothing listens at its addresses. */
const VALID: Readonly<Record<CheckedComponent, Table>> = {
  shovel: {
    'src-uri': 'amqp://127.0.0.1:1',
    'dest-uri': 'amqp://127.0.0.1:1',
    'src-queue': 'a',
    'dest-queue': 'b',
    'reconnect-delay': 3_600,
  },
  'federation-upstream': { uri: 'amqp://127.0.0.1:1' },
  'federation-upstream-set': { upstream: 'u' },
}

function parameters(component: CheckedComponent): fc.Arbitrary<Cell> {
  const rows = PARAMETER_KEYS[component].map(({ key, value }): Row => ({ name: key, value }))
  const valid = Object.entries(VALID[component])
  return fc
    .record({ base: fc.subarray(valid, { minLength: valid.length - 1 }), table: tableOf(rows) })
    .map(({ base, table }): Cell => {
      const upstream = { ...Object.fromEntries(base), ...table }
      const value = component === 'federation-upstream-set' ? [upstream] : upstream
      return {
        declare: ({ name }) => ({ parameters: { [component]: { [name]: value } } }),
        request: ({ vhost, name }) => ({
          method: 'put',
          path: ['parameters', component, vhost, name],
          body: { value },
        }),
      }
    })
}

const permissions = fc
  .record({
    configure: mostly('', EXPRESSIONS),
    write: fc.constantFrom(...EXPRESSIONS),
    read: mostly('.*', ['a'.repeat(1_025)]),
  })
  .map((rights): Cell => ({
    declare: ({ user }) => ({ users: { [user]: { external: true, permissions: rights } } }),
    request: ({ vhost, user }) => ({ method: 'put', path: ['permissions', vhost, user], body: rights }),
  }))

const topicPermissions = fc
  .record({ write: fc.constantFrom(...EXPRESSIONS), read: mostly('.*', ['a'.repeat(1_025), '{username}']) })
  .map((rights): Cell => ({
    declare: ({ user }) => ({ users: { [user]: { external: true, topicPermissions: { 'amq.topic': rights } } } }),
    request: ({ vhost, user }) => ({
      method: 'put',
      path: ['topic-permissions', vhost, user],
      body: { exchange: 'amq.topic', ...rights },
    }),
  }))

/** Random declarations by kind of object. */
export const RANDOM_CELLS: Readonly<Record<string, fc.Arbitrary<Cell>>> = {
  queue: queues,
  exchange: exchanges,
  binding: bindings,
  policy: policies('policies', 'policies'),
  'operator policy': policies('operatorPolicies', 'operator-policies'),
  shovel: parameters('shovel'),
  'federation upstream': parameters('federation-upstream'),
  'federation upstream set': parameters('federation-upstream-set'),
  permission: permissions,
  'topic permission': topicPermissions,
}
