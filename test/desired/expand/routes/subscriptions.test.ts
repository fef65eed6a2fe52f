/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import type { QueueSection, SubscriptionSection } from '../../../../src/desired/declaration/document.ts'
import { at, expanded, found } from '../declared.ts'

describe('a subscription', () => {
  it('requeues by default', () => {
    expect(expanded({ queues: { q: {} }, subscriptions: { s: { queue: 'q' } } }).routes.subscriptions).toEqual([
      {
        name: 's',
        vhost: '/',
        queue: 'q',
        failure: { kind: 'onFailure', action: 'requeue' },
        origin: at('subscriptions.s'),
      },
    ])
  })

  it('keeps all declared properties', () => {
    const s: SubscriptionSection = {
      queue: 'q',
      prefetch: 100,
      concurrency: 10,
      rateLimit: '3000/m',
      timeout: '30s',
      idempotencyKey: 'order.id',
      message: { maxBytes: '1MB' },
      onFailure: 'stop',
      offset: 'first',
    }

    expect(expanded({ queues: { q: { type: 'stream' } }, subscriptions: { s } }).routes.subscriptions).toEqual([
      {
        name: 's',
        vhost: '/',
        queue: 'q',
        queueType: 'stream',
        prefetch: 100,
        concurrency: 10,
        rateLimit: { count: 3_000, per: 60_000 },
        timeout: 30_000,
        idempotencyKey: 'order.id',
        message: { maxBytes: 1_000_000 },
        offset: { kind: 'first' },
        failure: { kind: 'onFailure', action: 'stop' },
        origin: at('subscriptions.s'),
      },
    ])
  })

  it('contains the delivery limit of its queue', () => {
    const queues: Record<string, QueueSection> = { q: { type: 'quorum', deliveryLimit: 7 } }

    expect(expanded({ queues, subscriptions: { s: { queue: 'q' } } }).routes.subscriptions[0]?.failure).toEqual({
      kind: 'onFailure',
      action: 'requeue',
      deliveryLimit: 7,
    })
  })

  it.each([
    [{ version: 2 }, { version: 2, accepts: [2] }],
    [{ accepts: [2, 1, 2] }, { version: 2, accepts: [1, 2] }],
    [
      { version: 1, accepts: [2, 1] },
      { version: 1, accepts: [1, 2] },
    ],
  ])('reads the versions %j of its messages as %j', (message, expected) => {
    const { routes } = expanded({ queues: { q: {} }, subscriptions: { s: { queue: 'q', message } } })

    expect(routes.subscriptions[0]?.message).toEqual(expected)
  })

  it('has the schemas of accepted older versions', () => {
    const message = { schema: 'v3', accepts: [1, 2, 3], schemas: { 1: 'v1' } }
    const sections = { queues: { q: {} }, subscriptions: { s: { queue: 'q', message } } }

    expect(expanded(sections, (path) => ({ schema: { title: path } })).routes.subscriptions[0]?.message).toEqual({
      schema: { title: 'v3' },
      version: 3,
      accepts: [1, 2, 3],
      schemas: { 1: { title: 'v1' } },
    })
  })

  it('may consume from derived queues', () => {
    const queues = { q: { type: 'classic', deadLetter: true } } as const

    expect(expanded({ queues, subscriptions: { s: { queue: 'q.dead' } } }).routes.subscriptions[0]).toMatchObject({
      queue: 'q.dead',
      queueType: 'classic',
      failure: { kind: 'onFailure', action: 'requeue' },
    })
  })

  it('may read an external queue of unknown type from an offset', () => {
    expect(
      found({ queues: { q: { external: true } }, subscriptions: { s: { queue: 'q', offset: '2026-01-31' } } }),
    ).toEqual([])
  })

  it.each<[Partial<SubscriptionSection>, string]>([
    [{ queue: 'qq' }, 'unknown-queue at subscriptions.s.queue'],
    [{ prefetch: 0 }, 'out-of-range at subscriptions.s.prefetch'],
    [{ prefetch: 65_536 }, 'out-of-range at subscriptions.s.prefetch'],
    [{ concurrency: 0 }, 'out-of-range at subscriptions.s.concurrency'],
    [{ rateLimit: '50' }, 'not-a-rate at subscriptions.s.rateLimit'],
    [{ timeout: 0 }, 'out-of-range at subscriptions.s.timeout'],
    [{ timeout: '25d' }, 'out-of-range at subscriptions.s.timeout'],
    [{ offset: 'first' }, 'offset-without-stream at subscriptions.s.offset'],
    [{ queue: 'log', offset: 'begin' }, 'not-an-offset at subscriptions.s.offset'],
    [
      { queue: 'safe', onFailure: 'discard' },
      'on-failure-with-ladder at subscriptions.s.onFailure, decided here queues.safe.deadLetter',
    ],
    [{ message: { maxBytes: '1X' } }, 'not-a-size at subscriptions.s.message.maxBytes'],
    [{ message: { version: 3, accepts: [1, 2] } }, 'version-not-accepted at subscriptions.s.message.accepts'],
    [
      { message: { accepts: [1, 2], schemas: { 2: './v2.json' } } },
      'schema-of-other-version at subscriptions.s.message.schemas.2',
    ],
    [{ message: { schemas: { 1: './v1.json' } } }, 'schema-of-other-version at subscriptions.s.message.schemas.1'],
  ])('is refused if it is impossible: %j', (written, expected) => {
    const queues: Record<string, QueueSection> = {
      q: {},
      log: { type: 'stream' },
      safe: { type: 'classic', deadLetter: true },
    }

    expect(found({ queues, subscriptions: { s: { queue: 'q', ...written } } })).toEqual([expected])
  })

  it('warns about a quorum queue that drops messages after too many returns (pitfall 28)', () => {
    const queues: Record<string, QueueSection> = {
      plain: { type: 'quorum' },
      limited: { type: 'quorum', deliveryLimit: 100 },
      'limited manually': { type: 'quorum', arguments: { 'x-delivery-limit': 100 } },
      dead: { type: 'quorum', deadLetter: true },
      'dead by policy': { type: 'quorum', deadLetter: { by: 'policy' } },
      'dead manually': { type: 'quorum', arguments: { 'x-dead-letter-exchange': 'amq.fanout' } },
      discarding: { type: 'quorum', retry: { delays: ['1s'], then: 'discard' } },
      classic: { type: 'classic' },
      theirs: { type: 'quorum', external: true },
    }
    const subscriptions = Object.fromEntries(Object.keys(queues).map((queue) => [queue, { queue }]))

    expect(found({ queues, subscriptions })).toEqual([
      'quorum-drops-returns at subscriptions.plain, the queue queues.plain',
    ])
  })

  it('warns about a queue that drops confirmed messages when it is full (pitfall 8)', () => {
    const queues: Record<string, QueueSection> = {
      dropping: { type: 'classic', maxLength: 10 },
      'dropping bytes': { type: 'quorum', deliveryLimit: 100, maxLengthBytes: '1MB' },
      'by default': { arguments: { 'x-max-length': 10 } },
      refusing: { type: 'classic', maxLength: 10, overflow: 'reject-publish' },
      meant: { type: 'classic', maxLength: 10, overflow: 'drop-head' },
      dead: { type: 'classic', maxLength: 10, deadLetter: true },
      'dead by policy': { type: 'quorum', maxLength: 10, deadLetter: { by: 'policy' } },
      log: { type: 'stream', maxLengthBytes: '1GB' },
      theirs: { type: 'classic', maxLength: 10, external: true },
    }
    const subscriptions = Object.fromEntries(Object.keys(queues).map((queue) => [queue, { queue }]))

    expect(found({ queues: { ...queues, unread: { maxLength: 10 } }, subscriptions })).toEqual([
      'full-queue-drops at subscriptions.dropping, the queue queues.dropping',
      'full-queue-drops at subscriptions.dropping bytes, the queue queues.dropping bytes',
      'full-queue-drops at subscriptions.by default, the queue queues.by default',
    ])
  })

  it('warns about a raw overflow that a quorum queue reads as another one (pitfall 62)', () => {
    const table = { 'x-overflow': 'reject-publish-dlx' }
    const queues: Record<string, QueueSection> = {
      quorum: { type: 'quorum', arguments: table },
      classic: { type: 'classic', arguments: { ...table } },
    }

    expect(found({ queues })).toEqual(['raw-overflow-drops-head at queues.quorum.arguments.x-overflow'])
  })

  it('warns about deliveries that the broker requeues before they are done (pitfalls 30, 59)', () => {
    const subscriptions = {
      slow: { queue: 'q', prefetch: 100, rateLimit: '10/h' },
      fine: { queue: 'q', prefetch: 5, rateLimit: '10/h' },
      long: { queue: 'q', timeout: '31m' },
      short: { queue: 'q', timeout: '30m' },
    }

    expect(found({ queues: { q: {} }, subscriptions })).toEqual([
      'prefetch-outlasts-timeout at subscriptions.slow.prefetch',
      'handler-outlasts-timeout at subscriptions.long.timeout',
    ])
  })
})
