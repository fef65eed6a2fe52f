import { describe, expect, it } from 'vitest'
import { DoNotRetry, RetryAfter } from '../../../src/runtime/index.ts'
import type { HandlerDelivery } from '../../../src/runtime/index.ts'
import { subscription } from '../../runtime/routes.ts'
import { amqpUrl, freshUser } from '../support/brokers/broker.ts'
import { keep, routesOf, runtimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

/** A handler's view of one delivery, as far as these tests compare it. */
function seen({ messageId, attempt, exchange, routingKey, headers, lastError }: HandlerDelivery) {
  return { messageId, attempt, exchange, routingKey, headers: { ...headers }, lastError }
}

describe('a handler of batches', () => {
  it('gets all messages in batches, and only failed messages go through their delay to the dead letters', async () => {
    const here = await runtimeVhost()
    const runtime = await here.connect(routesOf('email', await here.ladder({ queue: 'email', delays: [50] })))
    const all = Array.from({ length: 250 }, (_, n) => n)
    await Promise.all(all.map((n) => runtime.publish('send-email', n)))
    const sizes: number[] = []
    const attempts = new Map<unknown, number>()
    await runtime.consumeBatch('emails', { size: 100, maxWait: 50 }, (batch) => {
      sizes.push(batch.length)
      for (const { body, delivery } of batch) attempts.set(body, delivery.attempt)
      return Promise.allSettled(
        batch.map(async ({ body }) => {
          if (Number(body) % 100 === 7) throw new Error(`not ${String(body)}`)
        }),
      )
    })

    const dead = [await here.take('email.dead'), await here.take('email.dead'), await here.take('email.dead')]
    await until(async () => (await here.ready('email')) === 0, 'the empty queue')

    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
    expect(sizes.length).toBeLessThan(250)
    expect(dead.map(({ content }) => content.toString()).toSorted()).toEqual(['107', '207', '7'])
    expect(dead[0]?.properties.headers).toMatchObject({ 'x-warren-attempt': 1, 'x-warren-reason': 'error' })
    expect([...attempts].toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(
      all.map((n) => [n, n % 100 === 7 ? 2 : 1]),
    )
  })
})

describe('a failing handler', () => {
  it.each(['quorum', 'classic'] as const)(
    'takes the message of a %s queue through its delays to the dead letters (pitfalls 34, 44)',
    async (type) => {
      const here = await runtimeVhost()
      const failure = await here.ladder({ queue: 'email', type, delays: [50, 100] })
      const runtime = await here.connect(routesOf('email', failure, { queueType: type }))
      const retried = keep(runtime, 'retried')
      const deliveries: HandlerDelivery[] = []
      await runtime.consume('emails', (_body, delivery) => {
        deliveries.push(delivery)
        throw new Error(`no (${delivery.attempt})`)
      })

      await runtime.publish(
        'send-email',
        { to: 'a' },
        { messageId: 'm-1', correlationId: 'c-1', headers: { trace: 't' } },
      )
      const dead = await here.take('email.dead')

      const first = { messageId: 'm-1', exchange: 'tasks', routingKey: 'email', headers: { trace: 't' } }
      expect(deliveries.map(seen)).toEqual([
        { ...first, attempt: 1, lastError: undefined },
        { ...first, attempt: 2, lastError: 'Error: no (1)' },
        { ...first, attempt: 3, lastError: 'Error: no (2)' },
      ])
      expect(retried.map(({ attempt, delay, reason }) => ({ attempt, delay, reason }))).toEqual([
        { attempt: 1, delay: 50, reason: 'error' },
        { attempt: 2, delay: 100, reason: 'error' },
      ])
      expect(dead.content.toString()).toBe('{"to":"a"}')
      expect(dead.properties).toMatchObject({ messageId: 'm-1', correlationId: 'c-1', deliveryMode: 2 })
      expect(dead.properties.headers).toMatchObject({
        trace: 't',
        'x-warren-attempt': 2,
        'x-warren-reason': 'error',
        'x-warren-error': 'Error: no (3)',
        'x-warren-first-failed': deliveries[1]?.firstFailed?.toISOString(),
        'x-warren-exchange': 'tasks',
        'x-warren-routing-key': 'email',
      })
      expect(dead.properties.headers).not.toHaveProperty('x-death')
      expect(await here.ready('email')).toBe(0)
    },
  )

  it('gets the message again at once if the delay is 0', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [0] })
    const runtime = await here.connect(routesOf('email', failure))
    const attempts: number[] = []
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) throw new Error('no')
    })

    await runtime.publish('send-email', 1)
    await until(() => attempts.length === 2, 'the retry')
    expect(attempts).toEqual([1, 2])
  })

  it('may refuse retries, or set the time of the next one', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [60_000, 50] })
    const runtime = await here.connect(routesOf('email', failure))
    const retried = keep(runtime, 'retried')
    await runtime.consume<string>('emails', (body, { attempt }) => {
      if (body === 'never') throw new DoNotRetry('the account is closed')
      if (attempt === 1) throw new RetryAfter(30)
    })

    await runtime.publish('send-email', 'soon', { messageId: 'soon' })
    await runtime.publish('send-email', 'never', { messageId: 'never' })

    const { properties } = await here.take('email.dead')
    expect(properties.messageId).toBe('never')
    expect(properties.headers).toMatchObject({
      'x-warren-attempt': 0,
      'x-warren-error': 'DoNotRetry: the account is closed',
    })
    await until(() => retried.length === 1, 'the retry')
    expect(retried).toMatchObject([{ messageId: 'soon', delay: 50 }])
  })

  it('discards a message without a dead-letter queue, and reports it', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [30], discard: true })
    const runtime = await here.connect(routesOf('email', failure))
    const discarded = keep(runtime, 'discarded')
    await runtime.consume('emails', () => {
      throw new Error('no')
    })

    await runtime.publish('send-email', 1, { messageId: 'm-1' })
    here.channel.publish('tasks', 'email', Buffer.from('{'), { messageId: 'm-2' })
    await until(() => discarded.length === 2, 'both to be discarded')

    const found = discarded.map(({ messageId, attempt, reason }) => `${messageId} ${attempt} ${reason}`)
    expect(new Set(found)).toEqual(new Set(['m-1 2 error', 'm-2 1 invalid']))
    expect(await here.ready('email')).toBe(0)
  })

  it('uses the nearest delay that is bound, and always uses one', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [100, 0, 150, 5_000] })
    await here.channel.unbindQueue('email.retry.100ms', 'email.failed', '100ms')
    const runtime = await here.connect(routesOf('email', failure))
    const retried = keep(runtime, 'retried')
    await runtime.consume('emails', (_body, { attempt }) => {
      if (attempt === 1) throw new Error('no')
    })

    await runtime.publish('send-email', 1)
    await until(() => retried.length > 0, 'the retry')
    expect(retried).toMatchObject([{ attempt: 1, delay: 150 }])
  })

  it('has its message held until a queue is bound, and then moved there (pitfall 18)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [50] })
    await here.channel.unbindQueue('email.retry.50ms', 'email.failed', '50ms')
    const runtime = await here.connect(routesOf('email', failure))
    const held = keep(runtime, 'held')
    const attempts: number[] = []
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) throw new Error('no')
    })

    await runtime.publish('send-email', 1)
    await until(() => held.length > 0, 'the message to be held')
    expect(held[0]?.because).toMatchObject({ outcome: 'unroutable' })
    await here.channel.bindQueue('email.retry.50ms', 'email.failed', '50ms')
    await until(() => attempts.length === 2, 'the retry')
    expect(attempts).toEqual([1, 2])
  })

  it('ends at its timeout, and can no longer settle the message (pitfall 30)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { timeout: 50, concurrency: 1 }))
    const aborted: unknown[] = []
    await runtime.consume<string>('emails', async (body, { signal }) => {
      if (body === 'quick') return
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      aborted.push(signal.reason)
    })

    await runtime.publish('send-email', 'slow', { messageId: 'slow' })
    await runtime.publish('send-email', 'quick')

    const dead = await here.take('email.dead')
    expect(dead.properties.messageId).toBe('slow')
    expect(dead.properties.headers).toMatchObject({
      'x-warren-reason': 'timeout',
      'x-warren-error':
        'HandlerTimeoutError: the handler of subscription "emails" (queue "email") did not end within 50 ms',
    })
    expect(aborted).toMatchObject([{ name: 'HandlerTimeoutError' }])
    await until(async () => (await here.ready('email')) === 0, 'the quick one')
    expect(await here.ready('email.dead')).toBe(0)
  })
})

describe('a message that cannot be read', () => {
  it('goes to the dead letters at once, without the handler (pitfall 65)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [50] })
    const schema = { type: 'object', required: ['task_id'] }
    const runtime = await here.connect(routesOf('email', failure, { message: { schema } }))
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => bodies.push(body))

    here.channel.publish('tasks', 'email', Buffer.from('{"task_id":'), { messageId: 'malformed' })
    here.channel.publish('tasks', 'email', Buffer.from('{}'), { messageId: 'incomplete' })
    here.channel.publish('tasks', 'email', Buffer.from('{"task_id":"a"}'), { messageId: 'good' })

    const found: unknown[] = []
    for (let n = 0; n < 2; n++) {
      const { properties } = await here.take('email.dead')
      found.push([
        properties.messageId,
        properties.headers?.['x-warren-attempt'],
        properties.headers?.['x-warren-reason'],
        properties.headers?.['x-warren-error'],
      ])
    }
    expect(found).toEqual([
      ['malformed', 0, 'invalid', 'Error: the body is not JSON'],
      [
        'incomplete',
        0,
        'invalid',
        "Error: the message does not match its schema: must have required property 'task_id'",
      ],
    ])
    await until(() => bodies.length > 0, 'the good one')
    expect(bodies).toEqual([{ task_id: 'a' }])
  })

  it('stops the consumer of a queue without dead letters, and stays in the queue', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email', { arguments: { 'x-queue-type': 'quorum' } })
    const runtime = await here.connect({ subscriptions: [subscription()] })
    const stopped = keep(runtime, 'consumerStopped')
    const consumer = await runtime.consume('emails', () => undefined)

    here.channel.sendToQueue('email', Buffer.from('{'), { messageId: 'm-1' })
    const { error } = await consumer.stopped

    expect(error).toMatchObject({
      message:
        'subscription "emails" cannot read a message ("m-1") and has stopped: Error: the body is not JSON — ' +
        'declare deadLetter on the queue "email", so that such messages are dead-lettered instead of stopping the consumer',
      hint: 'declare deadLetter on the queue "email", so that such messages are dead-lettered instead of stopping the consumer',
    })
    expect(stopped).toEqual([{ subscription: 'emails', queue: 'email', error }])
    expect((await here.take('email')).properties.messageId).toBe('m-1')
    expect([runtime.isReady, runtime.isAlive]).toEqual([false, false])
  })

  it('stops the consumer also when it is the first one, and the consumer may begin again', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email', { arguments: { 'x-queue-type': 'quorum' } })
    for (const body of ['{', '{']) here.channel.sendToQueue('email', Buffer.from(body))
    await here.channel.waitForConfirms()
    const runtime = await here.connect({ subscriptions: [subscription()] })

    const consumer = await runtime.consume('emails', () => undefined)
    expect((await consumer.stopped).error).toMatchObject({
      name: 'RouteError',
      hint: 'declare deadLetter on the queue "email", so that such messages are dead-lettered instead of stopping the consumer',
    })
    expect(consumer.isUp).toBe(false)
    expect(runtime.isReady).toBe(false)
    for (let n = 0; n < 2; n++) {
      const { properties } = await here.take('email')
      expect(properties.headers?.['x-delivery-count'] ?? 0).toBeLessThanOrEqual(1)
    }
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => bodies.push(body))
    here.channel.sendToQueue('email', Buffer.from('1'))
    await until(() => bodies.length > 0, 'the good one')
    expect(bodies).toEqual([1])
    expect(runtime.isReady).toBe(true)
  })

  // From 4.3 on, the broker counts both numbers separately: a nack and a timeout of the consumer are not failures.
  it.each(['reject', 'nack'] as const)(
    'is dead-lettered as poison after too many deliveries, by %s (pitfalls 27, 30)',
    async (how) => {
      const here = await runtimeVhost()
      const failure = await here.ladder({ queue: 'email', delays: [50] })
      here.channel.publish('tasks', 'email', Buffer.from('1'), { messageId: 'm-1' })
      await here.channel.waitForConfirms()
      for (let returns = 0; returns < 3; returns++) {
        const message = await until(async () => (await here.channel.get('email')) || undefined, 'the message')
        if (how === 'reject') here.channel.reject(message, true)
        else here.channel.nack(message, false, true)
      }
      const runtime = await here.connect(routesOf('email', failure))
      const bodies: unknown[] = []
      await runtime.consume('emails', (body) => bodies.push(body), { poisonAfter: 2 })

      const { properties } = await here.take('email.dead')
      expect(properties.headers).toMatchObject({
        'x-warren-reason': 'poison',
        'x-warren-error': 'PoisonError: the message was delivered 3 times before without being acknowledged',
      })
      expect(bodies).toEqual([])
    },
  )
})

describe('a queue with neither retry nor deadLetter', () => {
  it('has its handler run again after a pause, and keeps the delivery meanwhile (pitfall 25)', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email', { arguments: { 'x-queue-type': 'quorum' } })
    const runtime = await here.connect({ subscriptions: [subscription()] })
    const tries: [number, boolean][] = []
    await runtime.consume('emails', (_body, { attempt, redelivered }) => {
      tries.push([attempt, redelivered])
      if (attempt === 1) throw new RetryAfter(20)
    })

    here.channel.sendToQueue('email', Buffer.from('1'))
    await until(() => tries.length === 2, 'the second attempt')
    expect(tries).toEqual([
      [1, false],
      [2, false],
    ])
  })

  it('discards failed messages if that is declared', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email')
    const runtime = await here.connect({
      subscriptions: [subscription({ failure: { kind: 'onFailure', action: 'discard' } })],
    })
    const discarded = keep(runtime, 'discarded')
    await runtime.consume('emails', () => {
      throw new Error('no')
    })

    here.channel.sendToQueue('email', Buffer.from('1'), { messageId: 'm-1' })
    await until(() => discarded.length > 0, 'the event')
    expect(discarded).toMatchObject([{ messageId: 'm-1', reason: 'error' }])
  })

  it('stops at a failed message if that is declared, and requeues the message', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email')
    const runtime = await here.connect({
      subscriptions: [subscription({ failure: { kind: 'onFailure', action: 'stop' } })],
    })
    keep(runtime, 'consumerStopped')
    const bodies: unknown[] = []
    const consumer = await runtime.consume(
      'emails',
      (body) => {
        bodies.push(body)
        throw new Error('no')
      },
      { concurrency: 1, prefetch: 10 },
    )

    for (let n = 0; n < 5; n++) here.channel.sendToQueue('email', Buffer.from(String(n)))
    const { error } = await consumer.stopped
    expect(error?.message).toBe(
      'subscription "emails" failed on a message (onFailure: stop) (without an id) and has stopped: Error: no — ' +
        'declare deadLetter on the queue "email", so that such messages are dead-lettered instead of stopping the consumer',
    )
    expect(bodies).toEqual([0])
    // The broker requeues the prefetched messages shortly after the channel is closed.
    await until(async () => (await here.ready('email')) === 5, 'all five to be in the queue')
  })
})

describe('consuming', () => {
  it('refuses unknown options, and needs a handler', async () => {
    const here = await runtimeVhost()
    const runtime = await here.connect(routesOf('email', await here.ladder({ queue: 'email' })))
    const options: object = { prefech: 5 }
    await expect(runtime.consume('emails', () => undefined, options)).rejects.toMatchObject({
      name: 'RouteError',
      message: 'consume("emails") has no option "prefech" — did you mean "prefetch"?',
    })
    const handler = undefined as unknown as () => void
    await expect(runtime.consume('emails', handler)).rejects.toThrow('consume("emails") needs a handler')
  })

  it('runs as many handlers at once as it may, and acknowledges each message', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { concurrency: 3, prefetch: 10 }))
    let running = 0
    let most = 0
    let done = 0
    await runtime.consume('emails', async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      done++
    })

    await Promise.all(Array.from({ length: 100 }, (_, n) => runtime.publish('send-email', n)))
    await until(() => done === 100, 'all messages')
    await runtime.close()
    expect(most).toBe(3)
    expect(await here.ready('email')).toBe(0)
  })

  it('passes the idempotency key to the handler', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { idempotencyKey: 'task_id' }))
    const keys: (string | undefined)[] = []
    await runtime.consume('emails', (_body, { idempotencyKey }) => keys.push(idempotencyKey))

    await runtime.publish('send-email', { task_id: 'email-3' })
    await until(() => keys.length > 0, 'the message')
    expect(keys).toEqual(['email-3'])
  })

  it('works with only the rights of a consumer (pitfall 48)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [30] })
    const login = await freshUser({
      permissions: { [here.vhost]: { configure: '', write: '^email\\.failed$', read: '^email$' } },
    })
    const worker = await here.connect(
      { subscriptions: routesOf('email', failure).subscriptions },
      { url: await amqpUrl(here.vhost, login) },
    )
    await worker.consume('emails', () => {
      throw new Error('no')
    })

    here.channel.publish('tasks', 'email', Buffer.from('1'), { messageId: 'm-1' })
    expect((await here.take('email.dead')).properties.messageId).toBe('m-1')
  })

  it('names the queue that it may not consume from', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const login = await freshUser({ permissions: { [here.vhost]: { configure: '', write: '', read: '' } } })
    const routes = { subscriptions: routesOf('email', failure).subscriptions }
    const runtime = await here.connect(routes, { url: await amqpUrl(here.vhost, login) })

    const error: unknown = await runtime.consume('emails', () => undefined).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'RouteError', route: 'emails' })
    expect(String(error)).toMatch(
      /^RouteError: subscription "emails" may not consume the queue "email": ACCESS_REFUSED/,
    )
    expect(String(error)).not.toContain(login.username)
  })

  it('reads a stream from the given offset, acknowledging each message (pitfall 60)', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('log', { arguments: { 'x-queue-type': 'stream' } })
    for (let n = 0; n < 20; n++) here.channel.sendToQueue('log', Buffer.from(String(n)))
    await here.channel.waitForConfirms()
    const log = subscription({
      name: 'log',
      queue: 'log',
      queueType: 'stream',
      prefetch: 3,
      offset: { kind: 'offset', offset: 5 },
    })
    const runtime = await here.connect({ subscriptions: [log] })
    const bodies: unknown[] = []
    await runtime.consume('log', (body) => bodies.push(body))

    await until(() => bodies.length === 15, 'the rest of the stream')
    expect(bodies).toEqual(Array.from({ length: 15 }, (_, n) => n + 5))
  })

  it('reports the offset of a message in a stream, and ignores this header on other queues', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('log', { arguments: { 'x-queue-type': 'stream' } })
    await here.channel.assertQueue('plain')
    const forged = { headers: { 'x-stream-offset': 77 } }
    for (const queue of ['log', 'log', 'plain']) here.channel.sendToQueue(queue, Buffer.from('1'), forged)
    await here.channel.waitForConfirms()
    const subscriptions = [
      subscription({ name: 'log', queue: 'log', queueType: 'stream', offset: { kind: 'first' } }),
      subscription({ name: 'plain', queue: 'plain' }),
    ]
    const runtime = await here.connect({ subscriptions })
    const offsets: Record<string, unknown[]> = { log: [], plain: [] }
    for (const { name } of subscriptions) {
      await runtime.consume(name, (_, delivery) => offsets[name]?.push(delivery.offset))
    }

    await until(() => Object.values(offsets).flat().length === 3, 'the messages')
    expect(offsets).toEqual({ log: [0, 1], plain: [undefined] })
  })
})
