import { describe, expect, it } from 'vitest'
import { hashPassword } from '../../../src/model/secrets/password-hash.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { binding, exchange, permission, policy, queue, user, vhost } from '../../builders/objects.ts'
import { publication, subscription } from '../../builders/routes.ts'
import { type LintCase, messagesOf } from './linted.ts'

const quorum = (name: string, table: Readonly<Record<string, string | number>> = {}) =>
  queue(name, { type: 'quorum', arguments: table })
const hashOf = (password: string) => new Secret(hashPassword(password, Buffer.from([1, 2, 3, 4])))
const AT_LEAST_ONCE = { 'x-dead-letter-strategy': 'at-least-once', 'x-dead-letter-exchange': 'dlx' }

const CASES: Readonly<Record<string, readonly LintCase[]>> = {
  'at-least-once-without-reject-publish': [
    {
      what: 'a queue whose overflow is the default, and one whose policy changes it',
      objects: {
        queues: [quorum('a', AT_LEAST_ONCE), quorum('b', { ...AT_LEAST_ONCE, 'x-overflow': 'reject-publish' })],
        policies: [policy('p', { pattern: '^b$', definition: { overflow: 'drop-head' } })],
      },
      finds: ['queue:%2F/a', 'queue:%2F/b'],
    },
    {
      what: 'a queue with reject-publish, and one with at-most-once',
      objects: {
        queues: [
          quorum('a', { ...AT_LEAST_ONCE, 'x-overflow': 'reject-publish' }),
          quorum('b', { 'x-dead-letter-exchange': 'dlx' }),
        ],
      },
    },
  ],
  'work-queue-drops-head': [
    {
      what: 'a limit that a policy sets on the queue of a subscription',
      objects: {
        queues: [queue('work')],
        policies: [policy('limits', { pattern: '^work$', definition: { 'max-length': 10 } })],
      },
      routes: { subscriptions: [subscription('work')] },
      finds: ['a policy sets max-length of queue "work"'],
    },
    {
      what: 'a declared overflow, and queues without a subscription',
      objects: {
        queues: [queue('work'), queue('cache')],
        policies: [
          policy('limits', { pattern: '^work$', definition: { 'max-length': 10, overflow: 'drop-head' } }),
          policy('cache', { pattern: '^cache$', definition: { 'max-length': 10 } }),
        ],
      },
      routes: { subscriptions: [subscription('work')] },
    },
  ],
  'delay-queue-may-expire': [
    {
      what: 'a delay queue that expires with its messages',
      objects: {
        queues: [
          queue('work'),
          queue('wait', {
            arguments: {
              'x-message-ttl': 60_000,
              'x-expires': 60_000,
              'x-dead-letter-exchange': '',
              'x-dead-letter-routing-key': 'work',
            },
          }),
        ],
      },
      finds: ['delay queue "wait" is deleted after 1m without use'],
    },
    {
      what: 'a delay queue that outlives its messages, and a temporary queue that delays nothing',
      objects: {
        queues: [
          queue('wait', {
            arguments: { 'x-message-ttl': 60_000, 'x-expires': 70_000, 'x-dead-letter-exchange': '' },
          }),
          queue('temporary', { arguments: { 'x-message-ttl': 60_000, 'x-expires': 1_000 } }),
        ],
      },
    },
  ],
  'unbounded-queue': [
    { what: 'a queue without any bound', objects: { queues: [queue('q')] }, finds: ['queue:%2F/q'] },
    {
      what: 'a queue with a limit by a policy, and a stream with an age',
      objects: {
        queues: [queue('q'), queue('s', { type: 'stream', arguments: { 'x-max-age': '7D' } })],
        policies: [policy('limits', { pattern: '^q$', definition: { 'max-length': 10 } })],
      },
    },
  ],
  'persistent-into-transient': [
    {
      what: 'a persistent publication to a transient queue',
      objects: { queues: [queue('q', { durable: false })] },
      routes: { publications: [publication('p', { routingKey: 'q' })] },
      finds: ['publication "p" is persistent, and queue "q" is not durable'],
    },
    {
      what: 'messages that are not persistent, and durable queues',
      objects: { queues: [queue('q', { durable: false }), queue('d')] },
      routes: {
        publications: [publication('p', { routingKey: 'q', persistent: false }), publication('d', { routingKey: 'd' })],
      },
    },
  ],
  'policies-of-equal-priority': [
    {
      what: 'two policies of one priority for a queue, once',
      objects: {
        queues: [queue('a'), queue('ab')],
        policies: [
          policy('one', { pattern: '^a', definition: { 'max-length': 1 } }),
          policy('two', { pattern: 'a', definition: { 'max-length': 2 } }),
        ],
      },
      finds: ['the policies "one" and "two" have the same priority'],
    },
    {
      what: 'different priorities, equal definitions and patterns for different queues',
      objects: {
        queues: [queue('a'), queue('b')],
        policies: [
          policy('one', { pattern: '^a', definition: { 'max-length': 1 } }),
          policy('two', { pattern: '^a', priority: 1, definition: { 'max-length': 2 } }),
          policy('three', { pattern: '^b', definition: { 'max-length': 1 } }),
          policy('four', { pattern: 'b$', definition: { 'max-length': 1 } }),
        ],
      },
    },
  ],
  'quorum-queue-drops-returned': [
    {
      what: 'a quorum queue with neither a limit nor dead letters on 4.x',
      objects: { queues: [quorum('q')] },
      version: '4.0.5',
      finds: ['the quorum queue "q" drops a message that was returned 21 times'],
    },
    {
      what: 'what counts as a return from 4.3 on',
      objects: { queues: [quorum('q')] },
      version: '4.3.6',
      finds: ['drops a message whose delivery ended 21 times with a closed channel or connection'],
    },
    { what: 'the same queue before 4.0', objects: { queues: [quorum('q')] }, version: '3.10.8' },
    {
      what: 'queues with a limit or dead letters, and dead-letter queues',
      objects: {
        queues: [
          quorum('a', { 'x-delivery-limit': 5 }),
          quorum('b', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }),
          quorum('dead'),
          queue('c'),
        ],
      },
    },
  ],
  'permission-not-anchored': [
    {
      what: 'an expression without a beginning, and a second alternative without one',
      objects: { permissions: [permission('a', { write: 'orders' }), permission('b', { read: '^a$|b$' })] },
      finds: ['the write permission "orders" of user "a"', 'matches every name that contains "b$"'],
    },
    {
      what: 'anchored expressions, those for everything, empty ones, and alternatives in a group or a class',
      objects: {
        permissions: [
          permission('a', { configure: '', write: '^orders', read: '.*' }),
          permission('b', { write: '^(a|b)$', read: '^[a|b]$' }),
        ],
      },
    },
  ],
  'wildcard-permission': [
    {
      what: 'a user who is no administrator',
      objects: { users: [user('shop')], permissions: [permission('shop', { configure: '.*', write: '^.*$' })] },
      finds: ['user "shop" may configure and write every queue'],
    },
    {
      what: 'administrators, users whose tags are unknown, and rights to read',
      objects: {
        users: [user('admin', { tags: ['administrator'] }), user('reports')],
        permissions: [
          permission('admin', { configure: '.*', write: '.*' }),
          permission('unknown', { configure: '.*' }),
          permission('reports', { read: '.*' }),
        ],
      },
    },
  ],
  'guest-user': [
    { what: 'the user guest', objects: { users: [user('guest')] }, finds: ['user "guest" exists'] },
    {
      what: 'a hash of its known password',
      objects: { users: [user('guest', { credential: { kind: 'hash', hash: hashOf('guest') } })] },
      finds: ['user "guest" exists'],
    },
    {
      what: 'other users, and a guest with another password',
      objects: { users: [user('shop'), user('guest', { credential: { kind: 'hash', hash: hashOf('other') } })] },
    },
    {
      what: 'a guest who cannot log in by a password',
      objects: { users: [user('guest', { credential: { kind: 'hash', hash: new Secret('') } })] },
    },
  ],
  'binding-key-refused': [
    {
      what: 'three # in a topic key on 4.3.6',
      objects: {
        exchanges: [exchange('t', { type: 'topic' })],
        bindings: [binding('t', 'q', { routingKey: '#.a.#.b.#' })],
      },
      finds: ['it has more than 2 #'],
    },
    {
      what: 'the same key on 4.0.5',
      objects: {
        exchanges: [exchange('t', { type: 'topic' })],
        bindings: [binding('t', 'q', { routingKey: '#.a.#.b.#' })],
      },
      version: '4.0.5',
    },
  ],
  'deprecated-feature': [
    { what: 'a transient queue on 4.x', objects: { queues: [queue('q', { durable: false })] }, finds: ['queue:%2F/q'] },
    {
      what: 'mirroring before 4.0',
      objects: { policies: [policy('ha', { definition: { 'ha-mode': 'all' } })] },
      version: '3.10.8',
      finds: ['policy "ha" mirrors classic queues'],
    },
    { what: 'durable queues', objects: { queues: [queue('q')] } },
  ],
  'headers-binding-compares-nested-numbers': [
    {
      what: 'a list with a whole number',
      objects: {
        exchanges: [exchange('h', { type: 'headers' })],
        bindings: [binding('h', 'q', { arguments: { sizes: [1] } })],
      },
      finds: ['compares the header "sizes"'],
    },
    {
      what: 'a number of its own, and a list of strings',
      objects: {
        exchanges: [exchange('h', { type: 'headers' })],
        bindings: [binding('h', 'q', { arguments: { size: 1, names: ['a'] } })],
      },
    },
  ],
  'hash-header-missing': [
    {
      what: 'a publication that declares other headers',
      objects: { exchanges: [exchange('x', { type: 'x-consistent-hash', arguments: { 'hash-header': 'tenant' } })] },
      routes: { publications: [publication('p', { exchange: 'x', headers: { region: 'eu' } })] },
      finds: ['declares headers without "tenant"'],
    },
    {
      what: 'a publication with the header, and one without declared headers',
      objects: { exchanges: [exchange('x', { type: 'x-consistent-hash', arguments: { 'hash-header': 'tenant' } })] },
      routes: {
        publications: [
          publication('p', { exchange: 'x', headers: { tenant: 'a' } }),
          publication('q', { exchange: 'x' }),
        ],
      },
    },
  ],
  'policy-refused': [
    {
      what: 'a key that was removed',
      objects: { policies: [policy('ha', { definition: { 'ha-mode': 'all' } })] },
      finds: ['has no ha-mode: it was removed in 4.0.0'],
    },
    {
      what: 'the same key before',
      objects: { policies: [policy('ha', { definition: { 'ha-mode': 'all' } })] },
      version: '3.10.8',
    },
  ],
  'queue-argument-refused': [
    {
      what: 'a storage that 4.3 does not have, and an argument of another type',
      objects: {
        queues: [queue('a', { arguments: { 'x-queue-version': 1 } }), queue('b', { arguments: { 'x-max-age': '1D' } })],
      },
      finds: ['x-queue-version has to be', 'x-max-age is for stream queues'],
    },
    {
      what: 'the storage on 4.0',
      objects: { queues: [queue('a', { arguments: { 'x-queue-version': 1 } })] },
      version: '4.0.5',
    },
  ],
  'queue-argument-ignored': [
    {
      what: 'lazy mode on 4.3',
      objects: { queues: [queue('a', { arguments: { 'x-queue-mode': 'lazy' } })] },
      finds: ['RabbitMQ 4.3.6 ignores x-queue-mode of the classic queue "a"'],
    },
    {
      what: 'lazy mode on 3.10',
      objects: { queues: [queue('a', { arguments: { 'x-queue-mode': 'lazy' } })] },
      version: '3.10.8',
    },
  ],
  'target-group-size-is-larger': [
    {
      what: 'a policy above the operator policy',
      objects: {
        queues: [quorum('q')],
        policies: [policy('p', { definition: { 'target-group-size': 5 } })],
        operatorPolicies: [policy('o', { definition: { 'target-group-size': 3 } })],
      },
      finds: ['the larger number applies'],
    },
    {
      what: 'a policy below it',
      objects: {
        queues: [quorum('q')],
        policies: [policy('p', { definition: { 'target-group-size': 3 } })],
        operatorPolicies: [policy('o', { definition: { 'target-group-size': 5 } })],
      },
    },
  ],
  naming: [
    {
      what: 'names that do not match',
      objects: { queues: [queue('Orders'), queue('orders')] },
      options: { queue: '^[a-z]+$' },
      finds: ['the name of queue "Orders" does not match'],
    },
    {
      what: 'derived, external and built-in names',
      objects: {
        queues: [queue('A.dead', { role: { kind: 'dead-letter', of: 'A' } }), queue('B', { external: true })],
        exchanges: [exchange('amq.Topic')],
      },
      options: { queue: '^[a-z]+$', exchange: '^x' },
    },
  ],
  'require-dead-letter': [
    { what: 'a queue without dead letters', objects: { queues: [queue('q')] }, finds: ['queue:%2F/q'] },
    {
      what: 'streams, dead-letter queues and queues that a policy dead-letters',
      objects: {
        queues: [queue('s', { type: 'stream' }), queue('q'), queue('dead')],
        policies: [
          policy('p', {
            pattern: '^q$',
            definition: { 'dead-letter-exchange': '', 'dead-letter-routing-key': 'dead' },
          }),
        ],
      },
    },
  ],
  'require-limits': [
    {
      what: 'a queue and a stream without limits',
      objects: { queues: [queue('q'), queue('s', { type: 'stream' })] },
      finds: ['queue:%2F/q', 'queue:%2F/s'],
    },
    {
      what: 'streams where the options say so',
      objects: { queues: [queue('s', { type: 'stream' })] },
      options: { streams: false },
    },
  ],
  'allowed-queue-types': [
    {
      what: 'another type',
      objects: { queues: [queue('q')] },
      options: { types: ['quorum'] },
      finds: ['is a classic queue'],
    },
    {
      what: 'an allowed type, also by the vhost',
      objects: {
        vhosts: [vhost('/', { defaultQueueType: 'quorum' })],
        queues: [quorum('q'), { vhost: '/', name: 'd', durable: true, autoDelete: false, arguments: {} }],
      },
      options: { types: ['quorum'] },
    },
  ],
  'allowed-exchange-types': [
    {
      what: 'another type',
      objects: { exchanges: [exchange('x')] },
      options: { types: ['topic'] },
      finds: ['has the type direct'],
    },
    { what: 'built-in exchanges', objects: { exchanges: [exchange('amq.direct')] }, options: { types: ['topic'] } },
  ],
  'allowed-prefixes': [
    {
      what: 'a name of another team',
      objects: { queues: [queue('shop.a'), queue('billing.a')] },
      options: { projects: { shop: ['shop.'] } },
      project: 'shop',
      finds: ['queue "billing.a" begins with none of the prefixes'],
    },
    {
      what: 'projects without prefixes',
      objects: { queues: [queue('a')] },
      options: { projects: {} },
      project: 'shop',
    },
  ],
  'max-ttl': [
    {
      what: 'a longer time to live',
      objects: { queues: [queue('q', { arguments: { 'x-message-ttl': 7_200_000 } })] },
      options: { ttl: '1h' },
      finds: ['live 2h, but the config allows 1h'],
    },
    {
      what: 'a shorter one, and none',
      objects: { queues: [queue('q'), queue('p', { arguments: { 'x-message-ttl': 1 } })] },
      options: { ttl: '1h' },
    },
  ],
  'max-queues': [
    {
      what: 'one queue too many',
      objects: { queues: [queue('a'), queue('b')] },
      options: { count: 1 },
      finds: ['has 2 queues'],
    },
    {
      what: 'external queues',
      objects: { queues: [queue('a'), queue('b', { external: true })] },
      options: { count: 1 },
    },
  ],
  'require-message-schema': [
    {
      what: 'a route without a schema',
      routes: { publications: [publication('p')] },
      finds: ['publication "p" has no message schema'],
    },
    { what: 'a route with one', routes: { publications: [publication('p', { message: { schema: {} } })] } },
  ],
  'forbid-wildcard-permissions': [
    {
      what: 'an administrator too',
      objects: { users: [user('a', { tags: ['administrator'] })], permissions: [permission('a', { read: '.*' })] },
      finds: ['user "a" may read everything'],
    },
    { what: 'excepted users', objects: { permissions: [permission('a', { read: '.*' })] }, options: { except: ['a'] } },
  ],
  capacity: [
    {
      what: 'limits that exceed the budget together',
      objects: { queues: ['a', 'b'].map((name) => queue(name, { arguments: { 'x-max-length-bytes': 600 } })) },
      options: { bytes: '1KB' },
      finds: ['may hold 1200 bytes by their limits, and the budget is 1000'],
    },
    {
      what: 'limits within it',
      objects: { queues: [queue('a', { arguments: { 'x-max-length-bytes': 600 } })] },
      options: { bytes: '1KB' },
    },
  ],
}

describe.each(Object.entries(CASES))('the rule %s', (rule, cases) => {
  it.each(cases.filter(({ finds }) => finds))('finds $what', (each) => {
    expect(messagesOf(rule, each)).toEqual(each.finds?.map((part) => expect.stringContaining(part)))
  })

  it.each(cases.filter(({ finds }) => !finds))('leaves alone: $what', (each) => {
    expect(messagesOf(rule, each)).toEqual([])
  })
})
