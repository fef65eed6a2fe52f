import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { subscription } from '../../runtime/routes.ts'
import { amqpUrl, freshUser } from '../support/brokers/broker.ts'
import { deafPort } from '../support/proxies/deaf-port.ts'
import { keep, routesOf, runtimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

function blockEventLoop(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

describe('a failed message', () => {
  it('is not seen by other queues of its exchange when it is retried (pitfall 19)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    await here.channel.assertExchange('all', 'fanout')
    await here.channel.assertQueue('audit')
    for (const queue of ['email', 'audit']) await here.channel.bindQueue(queue, 'all', '')
    const runtime = await here.connect({ subscriptions: routesOf('email', failure).subscriptions })
    const attempts: number[] = []
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      if (attempt === 1) throw new Error('no')
    })

    here.channel.publish('all', '', Buffer.from('1'))
    await until(() => attempts.length === 2, 'the retry')
    expect(await here.ready('audit')).toBe(1)
  })

  it('returns from its delays even if it was dead-lettered from its queue before (pitfall 36)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [30, 30] })
    const runtime = await here.connect({ subscriptions: routesOf('email', failure).subscriptions })
    const attempts: number[] = []
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      throw new Error('no')
    })

    // Publishes like another program that returns a dead letter. Before 4.0, the broker trusts the headers and finds
    // a cycle.
    const death = { queue: 'email', reason: 'expired', exchange: 'tasks', 'routing-keys': ['email'], count: 1 }
    here.channel.publish('tasks', 'email', Buffer.from('1'), { messageId: 'm-1', headers: { 'x-death': [death] } })
    expect((await here.take('email.dead')).properties.messageId).toBe('m-1')
    expect(attempts).toEqual([1, 2, 3])
  })

  it('is tried as often as declared, however often it was requeued before (pitfall 27)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    here.channel.publish('tasks', 'email', Buffer.from('1'), { messageId: 'm-1' })
    for (let restarts = 0; restarts < 5; restarts++) {
      const message = await until(async () => (await here.channel.get('email')) || undefined, 'the message')
      here.channel.nack(message, false, true)
    }
    const runtime = await here.connect(routesOf('email', failure))
    const attempts: number[] = []
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      throw new Error('no')
    })

    expect((await here.take('email.dead')).properties.messageId).toBe('m-1')
    expect(attempts).toEqual([1, 2])
  })

  it('whose copy the login may not publish is held, not lost (pitfalls 17, 45)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const login = await freshUser({ permissions: { [here.vhost]: { configure: '', write: '', read: '.*' } } })
    const url = await amqpUrl(here.vhost, login)
    const runtime = await here.connect({ subscriptions: routesOf('email', failure).subscriptions }, { url })
    const held = keep(runtime, 'held')
    await runtime.consume('emails', () => {
      throw new Error('no')
    })

    here.channel.publish('tasks', 'email', Buffer.from('1'), { messageId: 'm-1' })
    await until(() => held.length > 0, 'the message to be held')
    expect(held[0]?.because).toMatchObject({ outcome: 'refused' })

    await runtime.close({ deadline: 0 })
    expect((await here.take('email')).properties.messageId).toBe('m-1')
    expect(await here.ready('email.dead')).toBe(0)
  })

  it('may have failed with any thrown value', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { concurrency: 1 }))
    const thrown: unknown[] = [undefined, null, 'text', 7, { code: 550 }, Object.create(null), Symbol('s')]
    const thrower = (value: unknown): never => {
      throw value
    }
    await runtime.consume<number>('emails', (n) => (n % 2 === 0 ? thrower(thrown[n]) : Promise.reject(thrown[n])))

    for (const n of thrown.keys()) await runtime.publish('send-email', n)
    const errors: unknown[] = []
    for (const _ of thrown) errors.push((await here.take('email.dead')).properties.headers?.['x-warren-error'])
    expect(errors).toEqual(['undefined', 'null', 'text', '7', '{"code":550}', '{}', 'Symbol(s)'])
  })
})

describe('a handler', () => {
  it('that ends twice settles its message once (pitfall 21)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure))
    const down = keep(runtime, 'consumerDown')
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => {
      bodies.push(body)
      // Some old promise libraries call back several times. oxlint-disable-next-line unicorn/no-thenable
      const then = (done: () => void, failed: (error: Error) => void): void => {
        done()
        done()
        failed(new Error('no'))
      }
      // oxlint-disable-next-line unicorn/no-thenable
      return { then }
    })

    for (const n of [1, 2, 3]) await runtime.publish('send-email', n)
    await until(() => bodies.length === 3, 'all messages')
    await runtime.close()
    expect(down).toEqual([])
    expect(await here.ready('email')).toBe(0)
    expect(await here.ready('email.dead')).toBe(0)
  })

  it('that ends before others acknowledges its own message and no other (pitfall 22)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { concurrency: 3 }))
    const done = keep(runtime, 'handled')
    await runtime.consume('emails', async (body) => {
      if (body !== 'quick') await new Promise(() => undefined)
    })
    for (const body of ['slow', 'stuck', 'quick']) await runtime.publish('send-email', body)
    await until(() => done.length === 1, 'the quick one')

    expect(await runtime.close({ deadline: 0 })).toMatchObject({ aborted: 2 })
    await until(async () => (await here.ready('email')) === 2, 'the others to be back')
  })

  it('has its message acknowledged even while the broker does not read publishes (pitfall 10)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const url = new URL(here.url)
    await using port = await deafPort(Number(url.port), '(publish)')
    url.port = String(port.port)
    const runtime = await here.connect(routesOf('email', failure, { prefetch: 1 }), { url: url.href })
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => bodies.push(body))
    port.deafen()

    await expect(runtime.publish('send-email', 0, { timeout: 300 })).rejects.toMatchObject({ outcome: 'timeout' })
    // The second one is delivered only when the first is acknowledged.
    for (const n of ['1', '2']) here.channel.publish('tasks', 'email', Buffer.from(n))
    await until(() => bodies.length === 2, 'both messages')
    expect(bodies).toEqual([1, 2])
  })

  it('that blocks the event loop for two heartbeats costs its connection, and no message (pitfall 51)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const { subscriptions } = routesOf('email', failure)
    const runtime = await here.connect({ subscriptions }, { heartbeat: 1 })
    const down = keep(runtime, 'connectionDown')
    const bodies: unknown[] = []
    await runtime.consume('emails', async (body) => {
      bodies.push(body)
      // A busy broker may close the connection later than after two heartbeats.
      while (!down.some(({ role }) => role === 'consume')) {
        blockEventLoop(4_000)
        await pause(10)
      }
    })

    // Uses a connection that survives the block.
    for (const body of ['"a"', '"b"']) here.channel.publish('tasks', 'email', Buffer.from(body))
    await here.channel.waitForConfirms()
    await until(() => bodies.includes('b'), 'the next message')
    await until(async () => (await here.ready('email')) === 0, 'the queue to be empty')
    // Messages in progress are redelivered.
    expect(bodies.filter((body) => body === 'a').length).toBeGreaterThan(1)
    expect(await runtime.close()).toMatchObject({ aborted: 0 })
    expect([await here.ready('email'), await here.ready('email.dead')]).toEqual([0, 0])
  })

  it("that throws from the client's own callback does not end the channel (pitfall 24)", async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email')
    const failure = { kind: 'onFailure', action: 'discard' } as const
    const runtime = await here.connect({ subscriptions: [subscription({ failure })] })
    const down = keep(runtime, 'consumerDown')
    const bodies: unknown[] = []
    await runtime.consume('emails', (body) => {
      bodies.push(body)
      throw new Error('no')
    })

    for (const n of ['1', '2']) here.channel.sendToQueue('email', Buffer.from(n))
    await until(() => bodies.length === 2, 'both messages')
    expect(down).toEqual([])
  })
})

describe('a queue with a single active consumer', () => {
  it('is passed to the next consumer as soon as one stops, with its unacknowledged messages (pitfall 61)', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('email', {
      arguments: { 'x-queue-type': 'quorum', 'x-single-active-consumer': true },
    })
    const runtime = await here.connect({ subscriptions: [subscription({ prefetch: 1 })] })
    const begun: string[] = []
    const first = await runtime.consume('emails', async () => {
      begun.push('first')
      await new Promise(() => undefined)
    })
    await runtime.consume('emails', () => begun.push('second'))

    for (const n of ['1', '2']) here.channel.sendToQueue('email', Buffer.from(n))
    await until(() => begun.length === 1, 'the first delivery')
    expect(await first.stop({ deadline: 0 })).toMatchObject({ aborted: 1 })
    await until(() => begun.length === 3, 'both messages')
    expect(begun).toEqual(['first', 'second', 'second'])
  })
})
