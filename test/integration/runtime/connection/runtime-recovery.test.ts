import { describe, expect, it } from 'vitest'
import { subscription } from '../../../runtime/routes.ts'
import { keep, ownLogin, routesOf, runtimeVhost, send } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

/** A promise that is resolved from outside. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

describe('a lost connection', () => {
  it('is opened again, and its consumers continue without waiting for a stuck handler (pitfalls 20, 23, 52)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const { url, closeConnections } = await ownLogin(here.vhost)
    const runtime = await here.connect(routesOf('email', failure, { concurrency: 1, prefetch: 1 }), { url })
    const up = keep(runtime, 'consumerUp')
    const down = keep(runtime, 'consumerDown')
    const connectionsDown = keep(runtime, 'connectionDown')
    const begun: [unknown, boolean][] = []
    let lost: AbortSignal | undefined
    const stuck = gate()
    await runtime.consume('emails', async (body, { redelivered, signal }) => {
      begun.push([body, redelivered])
      if (begun.length > 1) return
      lost = signal
      await stuck.opened
    })
    await runtime.publish('send-email', 'a')
    await until(() => begun.length === 1, 'the first delivery')

    await closeConnections(2)
    await until(() => begun.length === 2, 'the second delivery')

    expect(begun).toEqual([
      ['a', false],
      ['a', true],
    ])
    expect(lost?.aborted).toBe(true)
    expect(down).toMatchObject([{ subscription: 'emails', queue: 'email' }])
    expect(connectionsDown.map(({ reason }) => reason)).toContain('CONNECTION_FORCED - Closed via management plugin')
    expect(up).toHaveLength(2)

    // The lost handler has no effect now: the new channel remains open, and works.
    stuck.open()
    here.channel.publish('tasks', 'email', Buffer.from('"b"'))
    await until(() => begun.length === 3, 'the next message')
    await until(async () => (await here.ready('email')) === 0, 'the queue to be empty')
    expect(up).toHaveLength(2)
    await until(() => runtime.isReady, 'the connection for publishing to be back')
  })

  it('loses no message of a batch that is gathered or handled meanwhile', async () => {
    const here = await runtimeVhost()
    const { url, closeConnections } = await ownLogin(here.vhost)
    const runtime = await here.connect(routesOf('email', await here.ladder({ queue: 'email' })), { url })
    const all = Array.from({ length: 300 }, (_, n) => n)
    await Promise.all(all.map((n) => runtime.publish('send-email', n)))
    const done = new Set<unknown>()
    let handled = 0
    await runtime.consumeBatch('emails', { size: 40, maxWait: 50, concurrency: 2 }, async (batch) => {
      handled += 1
      if (handled === 2) await closeConnections(2)
      if (batch.some(({ delivery }) => delivery.signal.aborted)) throw new Error('lost')
      for (const { body } of batch) done.add(body)
    })

    await until(() => done.size === 300, 'every message')
    await until(async () => (await here.ready('email')) === 0, 'the empty queue')
    expect([...done].toSorted((a, b) => Number(a) - Number(b))).toEqual(all)
    expect(await here.ready('email.dead')).toBe(0)
  })

  it('delays a waiting message, which is published afterwards', async () => {
    const here = await runtimeVhost()
    await here.ladder({ queue: 'email' })
    const { url, closeConnections } = await ownLogin(here.vhost)
    const runtime = await here.connect({ publications: [send('email')] }, { url })
    const down = keep(runtime, 'connectionDown')
    await closeConnections(1)
    await until(() => down.length > 0, 'the connection to be lost')

    await runtime.publish('send-email', 1)
    expect(await here.ready('email')).toBe(1)
  })

  it('does not skip a message of a stream', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('log', { arguments: { 'x-queue-type': 'stream' } })
    const { url, closeConnections } = await ownLogin(here.vhost)
    const log = subscription({ name: 'log', queue: 'log', queueType: 'stream', prefetch: 5, offset: { kind: 'first' } })
    const runtime = await here.connect({ subscriptions: [log] }, { url })
    const bodies: number[] = []
    await runtime.consume<number>('log', (body) => bodies.push(body))
    const up = keep(runtime, 'consumerUp')

    for (let n = 0; n < 100; n++) here.channel.sendToQueue('log', Buffer.from(String(n)))
    await until(() => bodies.length > 10, 'the first messages')
    await closeConnections(1)
    for (let n = 100; n < 200; n++) here.channel.sendToQueue('log', Buffer.from(String(n)))
    await until(() => bodies.includes(199), 'the last message')

    expect(up).toHaveLength(1)
    expect([...new Set(bodies)]).toEqual(Array.from({ length: 200 }, (_, n) => n))
  })
})

describe('a consumer that the broker cancels', () => {
  it('consumes again when its queue exists again (pitfall 32)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure))
    const down = keep(runtime, 'consumerDown')
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => bodies.push(body))

    await here.channel.deleteQueue('email')
    await until(() => down.length > 1, 'the consumer to be down')
    expect([runtime.isReady, runtime.isAlive]).toEqual([false, true])
    expect(down.map(({ reason }) => reason)).toEqual([
      'the broker has cancelled the consumer (queue deleted, its node stopped, or the consumer timed out)',
      `NOT_FOUND - no queue 'email' in vhost '${here.vhost}'`,
    ])

    await here.ladder({ queue: 'email' })
    await runtime.publish('send-email', 1)
    await until(() => bodies.length === 1, 'the message')
    expect(runtime.isReady).toBe(true)
  })
})

describe('close', () => {
  it('lets handlers finish, requeues deliveries that have not started, and loses nothing (pitfall 33)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { concurrency: 2, prefetch: 10 }))
    const begun: unknown[] = []
    const work = gate()
    await runtime.consume('emails', async (body) => {
      begun.push(body)
      await work.opened
      await runtime.publish('send-email', `after ${String(body)}`)
    })
    for (let n = 0; n < 15; n++) await runtime.publish('send-email', n)
    await until(() => begun.length === 2, 'two handlers')

    const closing = runtime.close()
    await until(async () => (await here.ready('email')) === 13, 'the others to be requeued')
    work.open()

    expect(await closing).toEqual({ finished: 2, requeued: 8, aborted: 0, unconfirmed: 0 })
    expect(begun).toEqual([0, 1])
    expect(await here.ready('email')).toBe(15)
    await expect(runtime.publish('send-email', 1)).rejects.toMatchObject({ outcome: 'invalid' })
    await expect(runtime.consume('emails', () => undefined)).rejects.toThrow('the runtime is closed')
  })

  it('waits for confirmations that the program did not wait for (pitfall 13)', async () => {
    const here = await runtimeVhost()
    await here.ladder({ queue: 'email' })
    const runtime = await here.connect({ publications: [send('email')] })
    const published = Array.from({ length: 100 }, (_, n) => runtime.publish('send-email', n))

    expect(await runtime.close()).toMatchObject({ unconfirmed: 0 })
    await Promise.all(published)
    expect(await here.ready('email')).toBe(100)
  })

  it('aborts handlers at the deadline, whose messages are delivered again and not counted as failed', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [10] })
    const runtime = await here.connect(routesOf('email', failure))
    let begun = 0
    await runtime.consume('emails', async (body, { signal }) => {
      begun++
      await new Promise<void>((_, reject) => {
        if (body === 'polite') signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    })
    await runtime.publish('send-email', 'polite')
    await runtime.publish('send-email', 'deaf')
    await until(() => begun === 2, 'both handlers')

    expect(await runtime.close({ deadline: 1_200 })).toEqual({ finished: 0, requeued: 1, aborted: 1, unconfirmed: 0 })
    await until(async () => (await here.ready('email')) === 2, 'both messages to be back')
    const { properties } = await here.take('email')
    expect(properties.headers).not.toHaveProperty('x-warren-attempt')
  })

  it('happens at the end of `await using`, and returns the same result twice', async () => {
    const here = await runtimeVhost()
    await here.ladder({ queue: 'email' })
    const runtime = await here.connect({ publications: [send('email')] })
    {
      await using scoped = runtime
      await scoped.publish('send-email', 1)
    }
    const nothing = { finished: 0, requeued: 0, aborted: 0, unconfirmed: 0 }
    expect([await runtime.close(), await runtime.close()]).toEqual([nothing, nothing])
    expect(runtime.isReady).toBe(false)
  })

  it('ends one consumer and does not affect the others', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure))
    const one: unknown[] = []
    const two: unknown[] = []
    const first = await runtime.consume('emails', (body) => one.push(body))
    await runtime.consume('emails', (body) => two.push(body))

    expect(await first.stop()).toEqual({ finished: 0, requeued: 0, aborted: 0, error: undefined })
    for (let n = 0; n < 5; n++) await runtime.publish('send-email', n)
    await until(() => two.length === 5, 'the other consumer to get all')
    expect(one).toEqual([])
  })
})
