import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import { at, declared } from './declared.ts'

/** The example at the top of the reference page of the topology file. */
const EXAMPLE = declared({
  '/': {
    exchanges: {
      tasks: { type: 'direct' },
      events: { type: 'topic', alternateExchange: 'unrouted' },
      audit: { type: 'fanout' },
      unrouted: { type: 'fanout' },
    },
    queues: {
      email: {
        type: 'quorum',
        bindings: [
          { exchange: 'tasks', routingKey: 'email' },
          { exchange: 'events', routingKey: 'billing.invoice.*' },
        ],
        retry: { delays: ['5s', '30s', '5m'] },
        deadLetter: true,
      },
      'audit-log': { bindings: ['audit'] },
      lost: { bindings: ['unrouted'] },
    },
    publications: {
      'send-email': { exchange: 'tasks', routingKey: 'email', message: { schema: './schemas/email.schema.json' } },
      'invoice-paid': { exchange: 'events', routingKey: 'billing.invoice.paid' },
      'user-event': { exchange: 'events', routingKey: 'user.{userId}.{event}' },
    },
    subscriptions: {
      emails: { queue: 'email', prefetch: 20, rateLimit: '50/s', idempotencyKey: 'task_id' },
    },
    users: {
      'email-api': { password: '${env:EMAIL_API_PASSWORD}', can: { publish: ['send-email', 'invoice-paid'] } },
      'email-worker': { password: '${env:EMAIL_WORKER_PASSWORD}', can: { consume: ['emails'] } },
    },
  },
})

const SCHEMA = { type: 'object', required: ['to'] }

const queue = { vhost: '/', durable: true, autoDelete: false }
const exchange = { vhost: '/', durable: true, autoDelete: false, internal: false, arguments: {} }
const binding = { vhost: '/', destinationType: 'queue', arguments: {} }
const publication = { vhost: '/', headers: {}, persistent: true, mandatory: true, confirm: true }
const waiting = {
  'x-dead-letter-exchange': 'email.failed',
  'x-dead-letter-routing-key': 'back',
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
}

describe('expand', () => {
  it('makes the whole topology of the email pipeline', () => {
    const { desired, findings } = expand(EXAMPLE, (path, location) =>
      path === './schemas/email.schema.json' && location.file === 'publications.send-email.message.schema'
        ? { schema: SCHEMA }
        : { finding: { code: 'default-exchange', args: {} } },
    )

    expect(findings).toEqual([])
    expect(desired).toEqual({
      project: 'test',
      secrets: [],
      topology: {
        vhosts: [{ name: '/', claimed: false, origin: at('vhost') }],
        exchanges: [
          { ...exchange, name: 'audit', type: 'fanout', origin: at('exchanges.audit') },
          { ...exchange, name: 'email.failed', type: 'direct', origin: at('queues.email.retry') },
          {
            ...exchange,
            name: 'events',
            type: 'topic',
            arguments: { 'alternate-exchange': 'unrouted' },
            origin: at('exchanges.events'),
          },
          { ...exchange, name: 'tasks', type: 'direct', origin: at('exchanges.tasks') },
          { ...exchange, name: 'unrouted', type: 'fanout', origin: at('exchanges.unrouted') },
        ],
        queues: [
          { ...queue, name: 'audit-log', arguments: {}, origin: at('queues.audit-log') },
          {
            ...queue,
            name: 'email',
            type: 'quorum',
            arguments: {
              'x-dead-letter-exchange': 'email.failed',
              'x-dead-letter-routing-key': 'dead',
              'x-dead-letter-strategy': 'at-least-once',
              'x-overflow': 'reject-publish',
            },
            origin: at('queues.email'),
          },
          {
            ...queue,
            name: 'email.dead',
            type: 'quorum',
            arguments: { 'x-delivery-limit': 1_000_000 },
            role: { kind: 'dead-letter', of: 'email' },
            origin: at('queues.email.deadLetter'),
          },
          {
            ...queue,
            name: 'email.retry.30s',
            type: 'quorum',
            arguments: { 'x-message-ttl': 30_000, ...waiting },
            role: { kind: 'delay', of: 'email' },
            origin: at('queues.email.retry.delays.1'),
          },
          {
            ...queue,
            name: 'email.retry.5m',
            type: 'quorum',
            arguments: { 'x-message-ttl': 300_000, ...waiting },
            role: { kind: 'delay', of: 'email' },
            origin: at('queues.email.retry.delays.2'),
          },
          {
            ...queue,
            name: 'email.retry.5s',
            type: 'quorum',
            arguments: { 'x-message-ttl': 5_000, ...waiting },
            role: { kind: 'delay', of: 'email' },
            origin: at('queues.email.retry.delays.0'),
          },
          { ...queue, name: 'lost', arguments: {}, origin: at('queues.lost') },
        ],
        bindings: [
          {
            ...binding,
            source: 'audit',
            destination: 'audit-log',
            routingKey: '',
            origin: at('queues.audit-log.bindings.0'),
          },
          {
            ...binding,
            source: 'email.failed',
            destination: 'email',
            routingKey: 'back',
            origin: at('queues.email.retry'),
          },
          {
            ...binding,
            source: 'email.failed',
            destination: 'email.dead',
            routingKey: 'dead',
            origin: at('queues.email.deadLetter'),
          },
          {
            ...binding,
            source: 'email.failed',
            destination: 'email.retry.30s',
            routingKey: '30s',
            origin: at('queues.email.retry.delays.1'),
          },
          {
            ...binding,
            source: 'email.failed',
            destination: 'email.retry.5m',
            routingKey: '5m',
            origin: at('queues.email.retry.delays.2'),
          },
          {
            ...binding,
            source: 'email.failed',
            destination: 'email.retry.5s',
            routingKey: '5s',
            origin: at('queues.email.retry.delays.0'),
          },
          {
            ...binding,
            source: 'events',
            destination: 'email',
            routingKey: 'billing.invoice.*',
            origin: at('queues.email.bindings.1'),
          },
          {
            ...binding,
            source: 'tasks',
            destination: 'email',
            routingKey: 'email',
            origin: at('queues.email.bindings.0'),
          },
          { ...binding, source: 'unrouted', destination: 'lost', routingKey: '', origin: at('queues.lost.bindings.0') },
        ],
        users: [
          {
            name: 'email-api',
            credential: {
              kind: 'password',
              written: { reference: '${env:EMAIL_API_PASSWORD}', location: at('users.email-api.password') },
            },
            tags: [],
            declaredIn: ['/'],
            origin: at('users.email-api'),
          },
          {
            name: 'email-worker',
            credential: {
              kind: 'password',
              written: { reference: '${env:EMAIL_WORKER_PASSWORD}', location: at('users.email-worker.password') },
            },
            tags: [],
            declaredIn: ['/'],
            origin: at('users.email-worker'),
          },
        ],
        permissions: [
          {
            vhost: '/',
            user: 'email-api',
            configure: '',
            write: '^(events|tasks)$',
            read: '',
            origin: at('users.email-api.can'),
          },
          {
            vhost: '/',
            user: 'email-worker',
            configure: '',
            write: '^email\\.failed$',
            read: '^email$',
            origin: at('users.email-worker.can'),
          },
        ],
        policies: [],
        operatorPolicies: [],
        parameters: [],
        globalParameters: [],
        topicPermissions: [
          {
            vhost: '/',
            user: 'email-api',
            exchange: 'events',
            write: '^billing\\.invoice\\.paid$',
            read: '',
            origin: at('users.email-api.can'),
          },
        ],
      },
      routes: {
        publications: [
          {
            ...publication,
            name: 'invoice-paid',
            exchange: 'events',
            routingKey: 'billing.invoice.paid',
            parameters: [],
            origin: at('publications.invoice-paid'),
          },
          {
            ...publication,
            name: 'send-email',
            exchange: 'tasks',
            routingKey: 'email',
            parameters: [],
            message: { schema: SCHEMA },
            origin: at('publications.send-email'),
          },
          {
            ...publication,
            name: 'user-event',
            exchange: 'events',
            routingKey: 'user.{userId}.{event}',
            parameters: ['userId', 'event'],
            origin: at('publications.user-event'),
          },
        ],
        subscriptions: [
          {
            name: 'emails',
            vhost: '/',
            queue: 'email',
            queueType: 'quorum',
            prefetch: 20,
            rateLimit: { count: 50, per: 1_000 },
            idempotencyKey: 'task_id',
            failure: {
              kind: 'ladder',
              exchange: 'email.failed',
              delays: [
                { delay: 5_000, routingKey: '5s', queue: 'email.retry.5s' },
                { delay: 30_000, routingKey: '30s', queue: 'email.retry.30s' },
                { delay: 300_000, routingKey: '5m', queue: 'email.retry.5m' },
              ],
              last: { exchange: 'email.failed', routingKey: 'dead' },
            },
            origin: at('subscriptions.emails'),
          },
        ],
      },
      deadLetters: [
        {
          vhost: '/',
          queue: 'email',
          deadLetterQueue: 'email.dead',
          exchange: 'email.failed',
          routingKey: 'dead',
          back: { exchange: 'email.failed', routingKey: 'back' },
        },
      ],
    })
  })

  it('keeps the secrets of the declaration', () => {
    const secrets = [new Secret('hidden')]

    expect(expand({ ...declared({ '/': {} }), secrets }, () => ({ schema: true })).desired.secrets).toBe(secrets)
  })
})
