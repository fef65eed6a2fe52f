import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PublishOptions } from '../../../src/runtime/index.ts'
import { DoNotRetry, PublishError, RetryAfter, RouteError } from '../../../src/runtime/index.ts'
import type { DeliveredMessage } from '../../../src/testing/handlers/delivered-message.ts'
import { createTestRuntime } from '../../../src/testing/handlers/create-test-runtime.ts'
import { publication } from '../../runtime/routes.ts'
import { emails, LADDER, NATIVE } from './emails.ts'

const ann = { to: 'ann@example.com' }
const busy = new Error('the mail server is busy')

function fail(): never {
  throw busy
}

describe('a subscription that accepts two versions', () => {
  const message = { version: 2, accepts: [1, 2] }
  const upcast = { 1: ({ mail }: { mail: string }) => ({ to: mail }) }

  it('gives the handler bodies of the current version, and dead-letters others', async () => {
    const runtime = await createTestRuntime(emails({ message }))
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => void bodies.push(body), { upcast })

    const deliver = (message: DeliveredMessage) => runtime.deliver('emails', message)
    expect(await deliver({ body: Buffer.from('{"mail":"ann"}') })).toMatchObject({ outcome: 'done' })
    expect(await deliver({ body: { mail: 'bob' }, version: 1 })).toMatchObject({ outcome: 'done' })
    expect(await deliver({ body: { to: 'cat' } })).toMatchObject({ outcome: 'done' })
    expect(await deliver({ body: { mail: 'dan' }, headers: { 'message-version': 1 } })).toMatchObject({
      outcome: 'done',
    })
    expect(await deliver({ body: { to: 'eve' }, version: 3 })).toMatchObject({
      outcome: 'deadLettered',
      reason: 'invalid',
    })
    await expect(deliver({ body: {}, version: 0 })).rejects.toThrow('version must be a positive whole number, not 0')

    expect(bodies).toEqual([{ to: 'ann' }, { to: 'bob' }, { to: 'cat' }, { to: 'dan' }])
    expect(runtime.deadLetters('emails')).toMatchObject([
      { headers: { 'message-version': 3, 'x-warren-error': 'Error: its version 3 is not accepted; accepted: 1, 2' } },
    ])
  })

  it('dead-letters a body that does not match the schema of its older version', async () => {
    const schemas = { 1: { required: ['mail'], properties: { mail: { type: 'string' } } } }
    const runtime = await createTestRuntime(emails({ message: { ...message, schemas } }))
    await runtime.consume('emails', () => undefined, { upcast })

    expect(await runtime.deliver('emails', { body: { mail: 'ann' }, version: 1 })).toMatchObject({ outcome: 'done' })
    expect(await runtime.deliver('emails', { body: { mail: 5 }, version: 1 })).toMatchObject({
      outcome: 'deadLettered',
      error: { message: 'it does not match the schema of its version 1: /mail must be string' },
    })
  })

  it('gives batches bodies of the current version, and requires upcasters for them too', async () => {
    const runtime = await createTestRuntime(emails({ message }))
    const bodies: unknown[] = []
    const handler = (batch: readonly { readonly body: unknown }[]): void =>
      void bodies.push(batch.map(({ body }) => body))
    await expect(runtime.consumeBatch('emails', { size: 2 }, handler)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    await runtime.consumeBatch('emails', { size: 2, upcast }, handler)

    await Promise.all([
      runtime.deliver('emails', { body: { mail: 'ann' }, version: 1 }),
      runtime.deliver('emails', { body: { to: 'bob' } }),
    ])

    expect(bodies).toEqual([[{ to: 'ann' }, { to: 'bob' }]])
  })

  it('cannot be consumed without an upcaster', async () => {
    const runtime = await createTestRuntime(emails({ message }))

    await expect(runtime.consume('emails', () => undefined)).rejects.toMatchObject({ code: 'INVALID_OPTION' })
  })
})

describe('a publish in a test runtime', () => {
  it('is recorded in the form in which its consumers would get it', async () => {
    const runtime = await createTestRuntime(emails())

    const confirmed = await runtime.publish(
      'sent',
      { at: new Date(0) },
      { parameters: { country: 'pt' }, messageId: 'm-1' },
    )

    expect(confirmed).toEqual({ messageId: 'm-1', exchange: 'events', routingKey: 'email.pt.sent' })
    expect(runtime.published('sent')).toMatchObject([
      { ...confirmed, publication: 'sent', body: { at: '1970-01-01T00:00:00.000Z' }, contentType: 'application/json' },
    ])
    expect(runtime.published('send-email')).toEqual([])
    expect(runtime.published()).toHaveLength(1)
  })

  it('is recorded with its delay', async () => {
    const delays = [{ delay: 600_000, exchange: 'tasks.delay.10m', queue: 'tasks.delay.10m' }]
    const topology = { routes: { publications: [publication({ delays })], subscriptions: [] } }
    const runtime = await createTestRuntime(topology)

    await runtime.publish('send-email', ann, { delay: '10m' })
    await runtime.publish('send-email', ann)

    expect(runtime.published().map(({ exchange, delay }) => [exchange, delay])).toEqual([
      ['tasks.delay.10m', '10m'],
      ['tasks', undefined],
    ])
    await expect(runtime.publish('send-email', ann, { delay: '7m' })).rejects.toThrow('it declares no delay "7m"')
  })

  it('is recorded without its compression', async () => {
    const topology = { routes: { publications: [publication({ message: { encoding: 'gzip' } })], subscriptions: [] } }
    const runtime = await createTestRuntime(topology)

    await runtime.publish('send-email', ann)

    expect(runtime.published('send-email')).toMatchObject([{ body: ann }])
  })

  it.each([
    ['a name that the topology does not have', 'send-emial', ann, {}, /no publication "send-emial".*"send-email"/],
    ['a body that the schema refuses', 'send-email', { too: 'ann' }, {}, /to/],
    ['a missing parameter', 'sent', {}, {}, /country/],
    ['an option that does not exist', 'send-email', ann, { messageID: 'm-1' }, /messageID.*messageId/],
  ])('is refused for %s, and not recorded', async (_, name, body, options, message) => {
    const runtime = await createTestRuntime(emails())

    const refused = runtime.publish(name, body, options as PublishOptions)

    await expect(refused).rejects.toThrow(PublishError)
    await expect(refused).rejects.toThrow(message)
    expect(runtime.published()).toEqual([])
  })

  it('is refused once the runtime is closed', async () => {
    const runtime = await createTestRuntime(emails())
    await runtime.close()

    await expect(runtime.publish('send-email', ann)).rejects.toThrow('the runtime is closed')
  })
})

describe('a delivery in a test runtime', () => {
  it('runs the handler with the body and the delivery, and is done when that returns', async () => {
    const runtime = await createTestRuntime(emails())
    const seen: unknown[] = []
    await runtime.consume('emails', (body, { messageId, attempt, headers, queue, timestamp }) => {
      seen.push({ body, messageId, attempt, headers, queue, timestamp })
    })

    const outcome = await runtime.deliver('emails', {
      body: ann,
      messageId: 'm-1',
      attempt: 2,
      headers: { tenant: 'a' },
    })

    expect(outcome).toEqual({ outcome: 'done', subscription: 'emails', messageId: 'm-1', attempt: 2 })
    const timestamp = new Date('2025-01-01T00:00:00Z')
    expect(seen).toEqual([
      { body: ann, messageId: 'm-1', attempt: 2, headers: { tenant: 'a' }, queue: 'email', timestamp },
    ])
  })

  it('needs an existing subscription with a consumer, and known options', async () => {
    const runtime = await createTestRuntime(emails())

    await expect(runtime.consume('emial', fail)).rejects.toThrow(/no subscription "emial".*"emails"/)
    await expect(runtime.deliver('emial', { body: ann })).rejects.toThrow(RouteError)
    await expect(runtime.deliver('emails', { body: ann })).rejects.toThrow(/nothing consumes.*consume\("emails"/)
    await expect(runtime.deliver('emails', { body: ann, atempt: 2 } as never)).rejects.toThrow(/atempt.*attempt/)
    await expect(runtime.deliver('emails', { body: ann, attempt: 0 })).rejects.toThrow(RangeError)
  })

  it('goes to the dead-letter queue when its body violates the schema, without running the handler', async () => {
    const runtime = await createTestRuntime(emails())
    await runtime.consume('emails', () => expect.unreachable())

    const outcomes = [
      await runtime.deliver('emails', { body: { too: 'ann' } }),
      await runtime.deliver('emails', { body: Buffer.from('{') }),
    ]

    expect(outcomes).toMatchObject([
      { outcome: 'deadLettered', reason: 'invalid' },
      { outcome: 'deadLettered', reason: 'invalid' },
    ])
    expect(runtime.deadLetters('emails').map(({ body, reason }) => ({ body, reason }))).toEqual([
      { body: { too: 'ann' }, reason: 'invalid' },
      { body: Buffer.from('{'), reason: 'invalid' },
    ])
  })
})

describe('retries in a test runtime', () => {
  it('happen after the declared delays, and then the message is dead-lettered', async () => {
    const runtime = await createTestRuntime(emails())
    const attempts: unknown[] = []
    await runtime.consume('emails', (_, { attempt, lastError, firstFailed }) => {
      attempts.push([attempt, lastError, firstFailed?.toISOString()])
      fail()
    })

    const first = await runtime.deliver('emails', {
      body: ann,
      messageId: 'm-1',
      exchange: 'tasks',
      routingKey: 'email',
    })
    expect(first).toMatchObject({ outcome: 'retried', attempt: 1, reason: 'error', error: busy, delay: 5_000 })
    expect(runtime.waiting()).toEqual([
      { subscription: 'emails', messageId: 'm-1', attempt: 2, due: new Date('2025-01-01T00:00:05Z') },
    ])
    expect(await runtime.advance(4_999)).toEqual([])
    expect(await runtime.advance(1)).toMatchObject([{ outcome: 'retried', attempt: 2, delay: 60_000 }])
    expect(await runtime.advance(60_000)).toMatchObject([{ outcome: 'deadLettered', attempt: 3, reason: 'error' }])

    const text = 'Error: the mail server is busy'
    expect(attempts).toEqual([
      [1, undefined, undefined],
      [2, text, '2025-01-01T00:00:00.000Z'],
      [3, text, '2025-01-01T00:00:00.000Z'],
    ])
    expect(runtime.waiting()).toEqual([])
    expect(runtime.deadLetters('emails')).toMatchObject([
      { messageId: 'm-1', body: ann, attempts: 3, reason: 'error', error: text, routingKey: 'dead' },
    ])
  })

  it('end as soon as the handler succeeds', async () => {
    const runtime = await createTestRuntime(emails())
    let failures = 1
    await runtime.consume('emails', () => {
      if (failures-- > 0) fail()
    })

    await runtime.deliver('emails', { body: ann })

    expect(await runtime.advance(3_600_000)).toMatchObject([{ outcome: 'done', attempt: 2 }])
    expect(runtime.deadLetters()).toEqual([])
  })

  it('follow the request of the handler: DoNotRetry and RetryAfter', async () => {
    const runtime = await createTestRuntime(emails())
    let error: Error = new DoNotRetry('no account')
    await runtime.consume('emails', () => {
      throw error
    })

    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ outcome: 'deadLettered', error })
    error = new RetryAfter(50_000)
    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ outcome: 'retried', delay: 60_000 })
  })

  it('begin at the attempt of the delivery', async () => {
    for (const failure of [LADDER, NATIVE]) {
      const runtime = await createTestRuntime(emails({ failure }))
      await runtime.consume('emails', fail)

      expect(await runtime.deliver('emails', { body: ann, attempt: 2 })).toMatchObject({ outcome: 'retried' })
      expect(await runtime.deliver('emails', { body: ann, attempt: 3 })).toMatchObject({ outcome: 'deadLettered' })
    }
  })

  it('are counted by the queue if the broker retries', async () => {
    const runtime = await createTestRuntime(emails({ failure: NATIVE }))
    await runtime.consume('emails', fail)

    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ outcome: 'retried', delay: 1_000 })
    expect(await runtime.advance(10_000)).toMatchObject([
      { outcome: 'retried', attempt: 2, delay: 2_000 },
      { outcome: 'deadLettered', attempt: 3 },
    ])
  })

  it('happen in the process if the queue has neither retry nor deadLetter', async () => {
    const runtime = await createTestRuntime(emails({ failure: { kind: 'onFailure', action: 'requeue' } }))
    await runtime.consume('emails', fail)

    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ outcome: 'retried', delay: 1_000 })
    expect(runtime.waiting()).toMatchObject([{ attempt: 2 }])
    expect(await runtime.advance(3_000)).toMatchObject([
      { outcome: 'retried', attempt: 2, delay: 2_000 },
      { outcome: 'retried', attempt: 3, delay: 4_000 },
    ])
    await runtime.close()
    expect(runtime.waiting()).toEqual([])
  })

  it('return a message to its queue that the process has held for a quarter of an hour', async () => {
    const runtime = await createTestRuntime(emails({ failure: { kind: 'onFailure', action: 'requeue' } }))
    await runtime.consume('emails', fail)
    await runtime.deliver('emails', { body: ann })

    const outcomes = await runtime.advance(16 * 60_000)

    const returned = outcomes.findIndex(({ delay }) => delay === 0)
    expect(outcomes[returned + 1]).toMatchObject({ outcome: 'retried', attempt: 1, delay: 1_000 })
  })

  it('wait for a consumer of their subscription', async () => {
    const runtime = await createTestRuntime(emails())
    const consumer = await runtime.consume('emails', fail)
    await runtime.deliver('emails', { body: ann })
    await consumer.stop()
    expect(await runtime.advance(5_000)).toEqual([])

    await runtime.consume('emails', () => undefined)

    expect(runtime.waiting()).toEqual([])
    expect(runtime.deadLetters()).toEqual([])
  })
})

describe('a consumer in a test runtime', () => {
  it.each([
    ['onFailure: stop', { body: ann }, { outcome: 'stopped', reason: 'error', error: busy }],
    ['a message that cannot be read', { body: { too: 'ann' } }, { outcome: 'stopped', reason: 'invalid' }],
  ])('stops for %s', async (_, message, expected) => {
    const runtime = await createTestRuntime(emails({ failure: { kind: 'onFailure', action: 'stop' } }))
    const consumer = await runtime.consume('emails', fail)

    expect(await runtime.deliver('emails', message)).toMatchObject(expected)

    expect((await consumer.stopped).error?.message).toContain('has stopped')
    expect(runtime.isAlive).toBe(false)
  })

  it('discards failed messages if the topology declares it', async () => {
    const runtime = await createTestRuntime(emails({ failure: { kind: 'onFailure', action: 'discard' } }))
    await runtime.consume('emails', fail)

    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ outcome: 'discarded', error: busy })
  })

  it('dead-letters messages that the broker has redelivered many times', async () => {
    const runtime = await createTestRuntime(emails())
    await runtime.consume('emails', () => undefined)

    expect(await runtime.deliver('emails', { body: ann, returns: 15 })).toMatchObject({ outcome: 'done' })
    expect(await runtime.deliver('emails', { body: ann, returns: 16 })).toMatchObject({ reason: 'poison' })
  })

  it('stops all consumers and continues to publish', async () => {
    const runtime = await createTestRuntime(emails())
    const first = await runtime.consume('emails', () => new Promise(() => undefined))
    void runtime.deliver('emails', { body: ann })

    expect(await runtime.stopConsuming()).toEqual({ finished: 0, requeued: 0, aborted: 1 })

    expect(first.isUp).toBe(false)
    await runtime.publish('send-email', ann)
    expect(runtime.published('send-email')).toHaveLength(1)
    expect(await runtime.close()).toEqual({ finished: 0, requeued: 0, aborted: 0, unconfirmed: 0 })
  })

  it('aborts running handlers when the runtime closes, and reports it', async () => {
    const runtime = await createTestRuntime(emails())
    const reasons: unknown[] = []
    await runtime.consume('emails', (_, { signal }) => {
      return new Promise(() => signal.addEventListener('abort', () => reasons.push(signal.reason)))
    })
    const delivered = runtime.deliver('emails', { body: ann })

    const closed = await runtime.close()

    expect(closed).toMatchObject({ finished: 0, aborted: 1 })
    expect(reasons).toMatchObject([{ code: 'CONSUMER_STOPPED', message: 'the consumer was stopped' }])
    expect(await delivered).toMatchObject({ outcome: 'requeued' })
    expect(await runtime.closed).toBe(closed)
  })
})

describe('the clock of a test runtime', () => {
  it('applies the timeout to a handler that does not end', async () => {
    const runtime = await createTestRuntime(emails({ timeout: 30_000 }))
    await runtime.consume('emails', () => new Promise(() => undefined))
    const delivered = runtime.deliver('emails', { body: ann })

    await runtime.advance(30_000)

    expect(await delivered).toMatchObject({ outcome: 'retried', reason: 'timeout', delay: 5_000 })
  })

  it('can be advanced by a handler, which then takes that time', async () => {
    const runtime = await createTestRuntime(emails({ timeout: 30_000 }))
    let takes = 30_001
    await runtime.consume('emails', async () => {
      await runtime.advance(takes)
    })

    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ reason: 'timeout' })
    takes = 29_999
    expect(await runtime.advance(5_000)).toMatchObject([{ outcome: 'done', attempt: 2 }])
  })

  it('is independent of the timers of the test runner', async () => {
    const runtime = await createTestRuntime(emails({ idempotencyKey: 'messageId' }))
    const toFake = ['setTimeout', 'setImmediate', 'setInterval', 'queueMicrotask', 'Date', 'performance'] as const
    vi.useFakeTimers({ toFake: [...toFake] })
    onTestFinished(() => void vi.useRealTimers())
    await runtime.consume('emails', fail)

    expect(await runtime.deliver('emails', { body: ann })).toMatchObject({ outcome: 'retried' })
    expect(await runtime.advance(65_000)).toMatchObject([{ outcome: 'retried' }, { outcome: 'deadLettered' }])
    expect(await runtime.close()).toMatchObject({ aborted: 0 })
  })

  it('starts at the given time, and refuses to go backwards', async () => {
    const startTime = new Date('2030-05-06T07:08:09Z')
    const runtime = await createTestRuntime(emails(), { startTime })
    await runtime.advance(1_000)

    expect(runtime.now).toEqual(new Date('2030-05-06T07:08:10Z'))
    await expect(runtime.advance(-1)).rejects.toThrow(RangeError)
  })
})

describe('idempotency in a test runtime', () => {
  const topology = emails({ idempotencyKey: 'messageId' })

  it('runs the handler once for each message, until its key is forgotten', async () => {
    const runtime = await createTestRuntime(topology, { idempotency: { ttl: 60_000 } })
    let runs = 0
    await runtime.consume('emails', () => void runs++)
    const again = () => runtime.deliver('emails', { body: ann, messageId: 'm-1' })

    expect(await again()).toMatchObject({ outcome: 'done' })
    expect(await again()).toMatchObject({ outcome: 'duplicate' })
    await runtime.advance(60_001)
    expect(await again()).toMatchObject({ outcome: 'done' })
    expect(runs).toBe(2)
  })

  it('holds a message while another attempt handles it', async () => {
    const runtime = await createTestRuntime(topology)
    let finish: () => void = () => undefined
    await runtime.consume('emails', () => new Promise<void>((resolve) => (finish = resolve)))
    const first = runtime.deliver('emails', { body: ann, messageId: 'm-1' })

    expect(await runtime.deliver('emails', { body: ann, messageId: 'm-1' })).toMatchObject({ outcome: 'held' })
    finish()
    expect(await first).toMatchObject({ outcome: 'done' })
    expect(await runtime.advance(250)).toMatchObject([{ outcome: 'duplicate' }])
  })

  it('releases the key of a failed message', async () => {
    const runtime = await createTestRuntime(topology)
    let failures = 1
    await runtime.consume('emails', () => {
      if (failures-- > 0) fail()
    })

    await runtime.deliver('emails', { body: ann })

    expect(await runtime.advance(5_000)).toMatchObject([{ outcome: 'done', attempt: 2 }])
  })

  it('is reported as events, like everything else that happens', async () => {
    const runtime = await createTestRuntime(topology)
    const events: string[] = []
    for (const name of ['retried', 'deadLettered', 'duplicate', 'handled', 'published'] as const) {
      runtime.on(name, (event) => events.push('outcome' in event ? `${name} ${event.outcome}` : name))
    }
    await runtime.consume('emails', () => runtime.publish('sent', {}, { parameters: { country: 'pt' } }))

    await runtime.deliver('emails', { body: ann, messageId: 'm-1' })
    await runtime.deliver('emails', { body: ann, messageId: 'm-1' })

    expect(events).toEqual(['published confirmed', 'handled done', 'duplicate', 'handled duplicate'])
  })
})
