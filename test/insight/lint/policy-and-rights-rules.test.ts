import { describe, expect, it } from 'vitest'
import { binding, exchange, permission, policy, queue } from '../../builders/objects.ts'
import { publication, subscription } from '../../builders/routes.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { type LintCase, messagesOf } from './linted.ts'

const ladder = {
  kind: 'ladder',
  exchange: 'work.failed',
  delays: [],
  last: { exchange: 'work.failed', routingKey: 'dead' },
} as const
const at = { file: 'topology.yaml', line: 3, column: 5, length: 1 }

const CASES: Readonly<Record<string, readonly LintCase[]>> = {
  'policy-takes-keys-away': [
    {
      what: 'a policy for one queue that lacks keys of the general one',
      objects: {
        queues: [queue('orders'), queue('other')],
        policies: [
          policy('all', { pattern: '.*', definition: { 'dead-letter-exchange': 'dead', 'message-ttl': 1 } }),
          policy('orders', { pattern: '^orders$', priority: 1, definition: { 'message-ttl': 2 } }),
        ],
      },
      finds: ['policy "orders" replaces policy "all" on queue:%2F/orders, which so loses dead-letter-exchange'],
    },
    {
      what: 'policies that repeat the keys, match different queues, are of one priority, or do not apply to the type',
      objects: {
        queues: [queue('orders'), queue('other'), queue('log', { type: 'stream' })],
        policies: [
          policy('all', { pattern: '^o', definition: { 'message-ttl': 1 } }),
          policy('orders', { pattern: '^orders$', priority: 1, definition: { 'message-ttl': 2, expires: 3 } }),
          policy('same', { pattern: '^oth', definition: { 'max-length': 1 } }),
          policy('log', { pattern: '^log$', definition: { 'max-age': '1D' } }),
          policy('never', { pattern: '^log$', priority: 5, definition: { 'message-ttl': 1 } }),
        ],
      },
    },
  ],
  'expiration-into-delay-queue': [
    {
      what: 'expirations shorter than the time to live, and different ones without',
      objects: {
        queues: [
          queue('hour', { arguments: { 'x-message-ttl': 3_600_000, 'x-dead-letter-exchange': 'work' } }),
          queue('any', { arguments: { 'x-dead-letter-exchange': 'work' } }),
        ],
      },
      routes: {
        publications: [
          publication('soon', { routingKey: 'hour', expiration: 5_000 }),
          publication('late', { routingKey: 'hour' }),
          publication('short', { routingKey: 'any', expiration: 1_000 }),
          publication('long', { routingKey: 'any', expiration: 60_000 }),
        ],
      },
      finds: [
        'messages of publication "soon" expire after 5s only at the head of delay queue "hour", and wait there behind messages that live 1h',
        'messages of publication "short" expire after 1s only at the head of delay queue "any", and wait there behind messages that live 1m',
      ],
    },
    {
      what: 'one expiration for all messages, an expiration longer than the time to live, and a queue that is consumed',
      objects: {
        queues: [
          queue('same', { arguments: { 'x-dead-letter-exchange': 'work' } }),
          queue('second', { arguments: { 'x-message-ttl': 1_000, 'x-dead-letter-exchange': 'work' } }),
          queue('work', { arguments: { 'x-dead-letter-exchange': 'dead' } }),
        ],
      },
      routes: {
        publications: [
          publication('same', { routingKey: 'same', expiration: 5_000 }),
          publication('second', { routingKey: 'second', expiration: 5_000 }),
          publication('work', { routingKey: 'work', expiration: 5_000 }),
          publication('work-for-ever', { routingKey: 'work' }),
        ],
        subscriptions: [subscription('work')],
      },
    },
  ],
  'route-without-rights': [
    {
      what: 'routes that no declared user may use',
      objects: {
        exchanges: [exchange('events', { type: 'topic' })],
        queues: [queue('work')],
        permissions: [permission('shop', { write: '^event$', read: '^works$' }), permission('reports', { read: '^r' })],
      },
      routes: {
        publications: [publication('placed', { exchange: 'events' })],
        subscriptions: [subscription('work')],
      },
      finds: ['may publish with publication "placed"', 'may consume queue "work" with subscription "work"'],
    },
    {
      what: 'a topic permission that refuses the key, and a consumer that cannot publish failed messages',
      objects: {
        exchanges: [exchange('events', { type: 'topic' }), exchange('work.failed')],
        queues: [queue('work')],
        bindings: [binding('events', 'work', { routingKey: '#' })],
        permissions: [permission('shop', { write: '^events$', read: '^work$' })],
        topicPermissions: [{ vhost: '/', user: 'shop', exchange: 'events', write: '^order', read: '' }],
      },
      routes: {
        publications: [
          publication('paid', { exchange: 'events', routingKey: 'invoice.paid' }),
          publication('placed', { exchange: 'events', routingKey: 'order.placed' }),
        ],
        subscriptions: [subscription('work', { failure: ladder })],
      },
      finds: [
        'may publish with publication "paid"',
        'no user that may consume queue "work" may publish failed messages of subscription "work" to exchange "work.failed"',
      ],
    },
    {
      what: 'routes that some user may use, users that only look, and files that give no rights',
      objects: {
        exchanges: [exchange('events', { type: 'topic' })],
        queues: [queue('work')],
        permissions: [
          permission('shop', { write: '^(events|work\\.failed)$', read: '^work$' }),
          permission('reports', { read: '.*' }),
        ],
      },
      routes: {
        publications: [publication('placed', { exchange: 'events', routingKey: 'a.{b}', parameters: ['b'] })],
        subscriptions: [subscription('work', { failure: ladder })],
      },
    },
    {
      what: 'a vhost without declared rights',
      routes: { publications: [publication('placed', { routingKey: 'q' })], subscriptions: [subscription('q')] },
    },
  ],
  'literal-secret': [
    {
      what: 'a URI with a login in a parameter of a file',
      objects: {
        parameters: [
          {
            vhost: '/',
            component: 'shovel',
            name: 'orders',
            value: { 'src-uri': new Secret('amqp://a:b@c'), 'dest-uri': new Secret('amqp://d:e@f') },
            references: [{ path: ['value', 'src-uri'], reference: '${env:URI}', location: at }],
            origin: at,
          },
        ],
      },
      finds: ['the secret in dest-uri of parameter "orders" is in the file'],
    },
    {
      what: 'a URI with a login on a broker',
      objects: {
        parameters: [
          { vhost: '/', component: 'shovel', name: 'orders', value: { 'src-uri': new Secret('amqp://a:b@c') } },
        ],
      },
    },
  ],
}

describe.each(Object.entries(CASES))('the rule %s', (rule, cases) => {
  it.each(cases.filter(({ finds }) => finds))('finds $what', (each) => {
    expect(messagesOf(rule, each)).toEqual((each.finds ?? []).map((text) => expect.stringContaining(text)))
  })

  it.each(cases.filter(({ finds }) => !finds))('leaves alone: $what', (each) => {
    expect(messagesOf(rule, each)).toEqual([])
  })
})
