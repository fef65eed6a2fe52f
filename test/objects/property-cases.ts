import { createHash } from 'node:crypto'
import type { Arguments } from '../../src/model/arguments.ts'
import { Secret } from '../../src/model/secrets/secret.ts'
import type { Credential, Kind, ObjectOf, Parameter, Queue } from '../../src/model/topology.ts'
import type { Changing, PropertyCase } from './property-case.ts'

const WRITTEN = { location: { file: 'topology.yaml', line: 1, column: 1 } }

const password = (text: string): Credential => ({ kind: 'password', secret: new Secret(text), written: WRITTEN })

/** As the broker computes it: four bytes of salt, then the hash of salt and password. */
function hash(text: string): Credential {
  const salt = Buffer.from('salt')
  const hashed = createHash('sha256').update(salt).update(text).digest()
  return { kind: 'hash', hash: new Secret(Buffer.concat([salt, hashed]).toString('base64')), written: WRITTEN }
}

/** A property with the same name in files and in plans. */
function plain<K extends Kind, P extends keyof ObjectOf[K] & string>(
  kind: K,
  property: P,
  [before, after]: readonly [ObjectOf[K][P], ObjectOf[K][P]],
  changing: Changing,
  more: Partial<PropertyCase<K>> = {},
): PropertyCase<K> {
  const values = { before: { [property]: before }, after: { [property]: after } } as unknown as Pick<
    PropertyCase<K>,
    'before' | 'after'
  >
  return { kind, property, differs: property, changing, ...values, ...more }
}

/** A property that the broker keeps as an argument. */
function argument(
  kind: 'exchange' | 'queue',
  property: string,
  name: string,
  [before, after]: readonly [Arguments[string], Arguments[string]],
  {
    type,
    around,
    compared = 'by class and value',
  }: { readonly type?: string; readonly around?: Arguments; readonly compared?: string } = {},
): PropertyCase<'exchange'> | PropertyCase<'queue'> {
  const typed: Partial<Queue> = type === undefined ? {} : { type }
  return {
    kind,
    property,
    differs: `arguments.${name}`,
    before: { ...typed, arguments: { ...around, [name]: before } },
    after: { ...typed, arguments: { ...around, [name]: after } },
    changing: 'replacement',
    compared,
  }
}

function policyCases(kind: 'policy' | 'operator-policy'): PropertyCase[] {
  return [
    plain(kind, 'pattern', ['^a', '^b'], 'in place'),
    plain(kind, 'applyTo', ['queues', 'all'], 'in place'),
    plain(kind, 'applyTo', ['queues', 'quorum_queues'], 'in place', {
      property: 'applyTo (a type of queue)',
      since: '3.12.0',
    }),
    plain(kind, 'priority', [1, 2], 'in place'),
    {
      kind,
      property: 'definition',
      differs: 'definition.max-length',
      before: { definition: { 'max-length': 5 } },
      after: { definition: { 'max-length': 6 } },
      changing: 'in place',
      compared: 'key by key',
    },
  ]
}

const limits = (kind: 'vhost' | 'user', property: 'maxConnections' | 'maxQueues' | 'maxChannels'): PropertyCase => ({
  kind,
  property: `limits.${property}`,
  differs: `limits.${property}`,
  before: { limits: { [property]: 500 } },
  after: { limits: { [property]: 600 } },
  changing: 'in place',
})

/** A parameter of a plugin, before and after a change of one key. */
function pluginCase(
  plugin: string,
  property: string,
  component: string,
  [before, after]: readonly [Parameter['value'], Parameter['value']],
  differs: string,
): PropertyCase<'parameter'> {
  return {
    kind: 'parameter',
    property,
    differs,
    before: { component, value: before },
    after: { component, value: after },
    changing: 'in place',
    compared: component === 'federation-upstream-set' ? 'key by key' : 'key by key, URIs by their meaning',
    plugin,
  }
}

function shovel(queue: string): Parameter['value'] {
  return { 'src-uri': 'amqp://', 'src-queue': 'from', 'dest-uri': 'amqp://', 'dest-queue': queue }
}

/** Every property that warren compares, in the order of the page. */
export const PROPERTY_CASES: readonly PropertyCase[] = [
  plain('vhost', 'description', ['one', 'other'], 'in place'),
  plain('vhost', 'tags', [['a', 'b'], ['a']], 'in place', { compared: 'as a set' }),
  plain('vhost', 'defaultQueueType', ['classic', 'quorum'], 'in place', { changesSince: '3.11.17' }),
  limits('vhost', 'maxConnections'),
  limits('vhost', 'maxQueues'),
  plain('vhost', 'protect', [true, false], 'in place', { ignoredBefore: '4.0.6' }),

  {
    kind: 'user',
    property: 'password',
    differs: 'password',
    before: { credential: password('one') },
    after: { credential: password('other') },
    changing: 'in place',
    compared: 'hashed with the live salt',
  },
  {
    kind: 'user',
    property: 'passwordHash, hashingAlgorithm',
    differs: 'passwordHash',
    before: { credential: hash('one') },
    after: { credential: hash('other') },
    changing: 'in place',
  },
  plain('user', 'tags', [['management'], ['monitoring', 'policymaker']], 'in place', { compared: 'as a set' }),
  limits('user', 'maxConnections'),
  limits('user', 'maxChannels'),

  plain('permission', 'configure', ['^a', '^b'], 'in place'),
  plain('permission', 'write', ['^a', '^b'], 'in place'),
  plain('permission', 'read', ['^a', ''], 'in place'),

  plain('exchange', 'type', ['topic', 'fanout'], 'replacement'),
  plain('exchange', 'durable', [true, false], 'replacement'),
  plain('exchange', 'autoDelete', [false, true], 'replacement'),
  plain('exchange', 'internal', [false, true], 'replacement'),
  argument('exchange', 'alternateExchange', 'alternate-exchange', ['one', 'other']),
  argument('exchange', 'arguments', 'x-of-mine', [1, '1']),

  plain('topic-permission', 'write', ['^a', '^b'], 'in place'),
  plain('topic-permission', 'read', ['^a', ''], 'in place'),

  ...policyCases('policy'),
  ...policyCases('operator-policy'),

  plain('queue', 'type', ['classic', 'quorum'], 'replacement', { compared: 'by the live type, not by `x-queue-type`' }),
  plain('queue', 'durable', [true, false], 'replacement'),
  plain('queue', 'autoDelete', [false, true], 'replacement'),
  argument('queue', 'messageTtl', 'x-message-ttl', [60_000, 5_000]),
  argument('queue', 'expires', 'x-expires', [3_600_000, 7_200_000]),
  argument('queue', 'maxLength', 'x-max-length', [10, 20]),
  argument('queue', 'maxLengthBytes', 'x-max-length-bytes', [1_000, 2_000]),
  argument('queue', 'overflow', 'x-overflow', ['drop-head', 'reject-publish']),
  argument('queue', 'singleActiveConsumer', 'x-single-active-consumer', [true, false]),
  argument('queue', 'maxPriority', 'x-max-priority', [5, 6]),
  argument('queue', 'deliveryLimit', 'x-delivery-limit', [5, 6], { type: 'quorum' }),
  argument('queue', 'leaderLocator', 'x-queue-leader-locator', ['client-local', 'balanced'], { type: 'quorum' }),
  argument('queue', 'initialGroupSize (quorum)', 'x-quorum-initial-group-size', [1, 3], { type: 'quorum' }),
  argument('queue', 'initialGroupSize (stream)', 'x-initial-cluster-size', [1, 3], { type: 'stream' }),
  argument('queue', 'maxAge', 'x-max-age', ['86400s', '3600s'], {
    type: 'stream',
    compared: 'by the time that it means: `24h` is `86400s`',
  }),
  argument('queue', 'streamMaxSegmentSize', 'x-stream-max-segment-size-bytes', [1_000_000, 2_000_000], {
    type: 'stream',
  }),
  argument('queue', 'deadLetter.exchange', 'x-dead-letter-exchange', ['one', 'other']),
  argument('queue', 'deadLetter.routingKey', 'x-dead-letter-routing-key', ['one', 'other'], {
    around: { 'x-dead-letter-exchange': 'one' },
  }),
  argument('queue', 'deadLetter.strategy', 'x-dead-letter-strategy', ['at-most-once', 'at-least-once'], {
    type: 'quorum',
    around: { 'x-dead-letter-exchange': 'one', 'x-overflow': 'reject-publish' },
  }),
  argument('queue', 'arguments', 'x-of-mine', [1, '1']),

  plain('binding', 'routingKey', ['a', 'b'], 'another object'),
  plain('binding', 'arguments', [{ n: 1 }, { n: '1' }], 'another object', { compared: 'by class and value' }),

  pluginCase('rabbitmq_shovel', 'shovels', 'shovel', [shovel('one'), shovel('other')], 'value.dest-queue'),
  pluginCase(
    'rabbitmq_federation',
    'federationUpstreams',
    'federation-upstream',
    [{ uri: 'amqp://joe:one@mq.example' }, { uri: 'amqp://joe:other@mq.example' }],
    'value.uri',
  ),
  pluginCase(
    'rabbitmq_federation',
    'federationUpstreamSets',
    'federation-upstream-set',
    [[{ upstream: 'one' }], [{ upstream: 'one' }, { upstream: 'other', 'max-hops': 2 }]],
    'value',
  ),

  {
    kind: 'global-parameter',
    property: 'globalParameters',
    differs: 'value.list',
    before: { value: { list: [1, null], same: 'x' } },
    after: { value: { list: [1, '1'], same: 'x' } },
    changing: 'in place',
    compared: 'key by key',
  },
]
