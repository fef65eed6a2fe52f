import fc from 'fast-check'
import { addressOf } from '../../../src/model/address.ts'
import type { Arguments } from '../../../src/model/arguments.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type {
  Binding,
  Exchange,
  Permission,
  Policy,
  Queue,
  Topology,
  TopicPermission,
  User,
  VirtualHost,
} from '../../../src/model/topology.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import {
  anyText,
  argumentName,
  argumentValue,
  expression,
  hostileName,
  parameterValue,
  routingKey,
} from './arbitrary-values.ts'
import { anyParameter } from './arbitrary-parameter.ts'
import { anyQueue } from './arbitrary-queue.ts'
import { binding, exchange, permission, topology, user, vhost } from '../objects.ts'

/** Topologies of the vhost `/` with all kinds of objects, which a broker of the given version accepts unchanged. */
export function brokerTopology(version: string): fc.Arbitrary<Topology> {
  return fc
    .record({
      claim: anyVhost,
      exchanges: several(anyExchange, 6),
      queues: several(anyQueue(version), 6),
      users: several(anyUser, 3),
      policies: several(anyPolicy(version, POLICY_KEYS), 3),
      operatorPolicies: several(anyPolicy(version, OPERATOR_POLICY_KEYS), 2),
      parameters: fc.uniqueArray(anyParameter, { selector: (each) => addressOf('parameter', each), maxLength: 2 }),
      globalParameters: several(fc.record({ name: GLOBAL_PARAMETER_NAMES, value: parameterValue }), 2),
    })
    .chain(({ claim, ...named }) =>
      fc
        .record({
          bindings: bindingsBetween(named.exchanges, [...named.queues, ...named.exchanges]),
          permissions: permissionsOf(named.users),
          topicPermissions: topicPermissionsOf(named.users, named.exchanges),
        })
        .map((between) => topology({ vhosts: [claim], ...named, ...between })),
    )
}

/**
 * A broker never forgets the names of global parameters and tags (it stores them as atoms), so there are only a few.
 */
const GLOBAL_PARAMETER_NAMES = fc.constantFrom('plain', 'a/b %2F "ü"', '__proto__')
const USER_TAGS = fc.constantFrom('management', 'monitoring', 'of mine', '"', 'A')
const VHOST_TAGS = fc.constantFrom('production', 'of mine', '"', 'A')

function several<T extends { readonly name: string }>(any: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<T[]> {
  return fc.uniqueArray(any, { selector: ({ name }) => name, maxLength })
}

function tagsOf(tag: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc.uniqueArray(tag, { maxLength: 3 }).map((tags) => tags.toSorted())
}

/** The broker itself enforces the limits of a vhost while it creates the objects. */
const roomy = fc.integer({ min: 1_000, max: 2 ** 31 })

const anyVhost: fc.Arbitrary<VirtualHost> = fc.oneof(
  fc.constant(vhost('/')),
  fc
    .record(
      {
        description: fc.oneof(hostileName, anyText),
        tags: tagsOf(VHOST_TAGS),
        defaultQueueType: fc.constantFrom('classic', 'quorum', 'stream'),
        limits: fc.record({ maxConnections: roomy, maxQueues: roomy }, { requiredKeys: [] }),
      },
      { requiredKeys: ['description', 'tags'] },
    )
    .map((properties) => vhost('/', { claimed: true, ...properties })),
)

const anyExchange: fc.Arbitrary<Exchange> = fc
  .record({
    name: hostileName,
    type: fc.constantFrom('direct', 'topic', 'fanout', 'headers'),
    durable: fc.boolean(),
    autoDelete: fc.boolean(),
    internal: fc.boolean(),
    arguments: mostlyEmpty(
      fc.oneof(
        fc.dictionary(argumentName, argumentValue, { maxKeys: 2 }),
        hostileName.map((name) => ({ 'alternate-exchange': name })),
      ),
    ),
  })
  .map(({ name, ...rest }) => exchange(name, rest))

function mostlyEmpty(table: fc.Arbitrary<Arguments>): fc.Arbitrary<Arguments> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: table })
}

const written = { location: { file: 'topology.yaml', line: 1, column: 1 } }
const limit = fc.integer({ min: 0, max: 2 ** 31 })

const anyUser: fc.Arbitrary<User> = fc
  .record(
    {
      name: hostileName.filter((name) => Buffer.byteLength(name) < 128),
      tags: tagsOf(USER_TAGS),
      limits: fc.record({ maxConnections: limit, maxChannels: limit }, { requiredKeys: [] }),
      credential: fc.oneof(
        fc
          .oneof(
            anyText.filter((text) => text !== ''),
            hostileName,
          )
          .map((text) => ({ kind: 'password' as const, secret: new Secret(text), written })),
        fc.constantFrom('', 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR').map((hash) => ({
          kind: 'hash' as const,
          hash: new Secret(hash),
          written,
        })),
      ),
    },
    { requiredKeys: ['name', 'tags'] },
  )
  .map(({ name, ...rest }) => user(name, rest))

function permissionsOf(users: readonly User[]): fc.Arbitrary<Permission[]> {
  if (users.length === 0) return fc.constant([])
  return fc
    .uniqueArray(fc.record({ name: oneOf(users), configure: expression, write: expression, read: expression }), {
      selector: ({ name }) => name,
      maxLength: 3,
    })
    .map((list) => list.map(({ name, ...rights }) => permission(name, rights)))
}

function topicPermissionsOf(users: readonly User[], exchanges: readonly Exchange[]): fc.Arbitrary<TopicPermission[]> {
  if (users.length === 0 || exchanges.length === 0) return fc.constant([])
  return fc
    .uniqueArray(fc.record({ user: oneOf(users), exchange: oneOf(exchanges), write: expression, read: expression }), {
      selector: (each) => JSON.stringify([each.user, each.exchange]),
      maxLength: 3,
    })
    .map((list) => list.map((each) => ({ vhost: '/', ...each })))
}

function oneOf(named: readonly { readonly name: string }[]): fc.Arbitrary<string> {
  return fc.constantFrom(...named.map(({ name }) => name))
}

/** Bindings only between the given objects, each once; some have arguments for headers exchanges. */
function bindingsBetween(sources: readonly Exchange[], ends: readonly (Queue | Exchange)[]): fc.Arbitrary<Binding[]> {
  if (sources.length === 0) return fc.constant([])
  const table = fc.oneof(
    fc.dictionary(argumentName, argumentValue, { maxKeys: 3 }),
    fc
      .tuple(fc.constantFrom('all', 'any', 'all-with-x', 'any-with-x'), fc.dictionary(argumentName, argumentValue))
      .map(([match, headers]) => ({ ...headers, 'x-match': match })),
  )
  return fc.uniqueArray(
    fc
      .record({
        source: oneOf(sources),
        end: fc.constantFrom(...ends),
        routingKey,
        arguments: fc.oneof(fc.constant({}), table),
      })
      .map(({ source, end, ...rest }) =>
        binding(source, end.name, { destinationType: 'internal' in end ? 'exchange' : 'queue', ...rest }),
      ),
    { selector: (each) => addressOf('binding', each), maxLength: 8 },
  )
}

const count = fc.integer({ min: 0, max: 2 ** 31 - 1 })
const OPERATOR_POLICY_KEYS = {
  'message-ttl': count,
  'max-length': count,
  'max-length-bytes': count,
  // Nothing may expire while a test reads it.
  expires: fc.integer({ min: 3_600_000, max: 2 ** 31 - 1 }),
  'delivery-limit': count,
}
const POLICY_KEYS = {
  ...OPERATOR_POLICY_KEYS,
  'alternate-exchange': hostileName,
  'dead-letter-exchange': fc.oneof(hostileName, fc.constant('')),
  'dead-letter-routing-key': routingKey,
  'dead-letter-strategy': fc.constantFrom('at-most-once', 'at-least-once'),
  overflow: fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx'),
  'max-age': fc.constantFrom('7D', '1Y'),
  'queue-leader-locator': fc.constantFrom('client-local', 'balanced'),
}

type PolicyKeys = Readonly<Record<string, fc.Arbitrary<string | number>>>

function anyPolicy(version: string, keys: PolicyKeys): fc.Arbitrary<Policy> {
  const types = isAtLeast(version, '3.12.0') ? ['classic_queues', 'quorum_queues', 'streams'] : []
  return fc
    .record({
      name: hostileName,
      pattern: expression,
      applyTo: fc.constantFrom('all', 'queues', 'exchanges', ...types),
      priority: fc.oneof(fc.integer({ min: -5, max: 5 }), fc.maxSafeInteger()),
      definition: fc
        .subarray(Object.entries(keys), { minLength: 1 })
        .chain((chosen) => fc.record(Object.fromEntries(chosen))),
    })
    .map((each) => ({ vhost: '/', ...each }))
}
