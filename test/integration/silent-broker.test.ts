import { connect as connectAmqp } from 'amqplib'
import { describe, it } from 'vitest'
import { moveQueue } from '../../src/apply/migrate/move-queue.ts'
import type { AmqpTarget } from '../../src/messages/amqp-target.ts'
import { Amqp } from '../../src/messages/amqp.ts'
import { queue } from '../builders/objects.ts'
import { amqpProxy, type AmqpProxy } from './amqp-proxy.ts'
import { amqpTarget } from './amqp-target.ts'
import { amqpUrl, freshVhost, testBroker } from './broker.ts'
import { type AtEnd, moveContext } from './migration.ts'
import { until } from './until.ts'

/** In place of 30 seconds, in milliseconds. */
const LIMIT = 400
const SWALLOWED = ['confirms', 'all but heartbeats'] as const

interface Place {
  readonly vhost: string
  readonly proxy: AmqpProxy
  readonly target: AmqpTarget
  /** warren's connections, over the proxy. */
  readonly amqp: Amqp
  /** The ids in a queue, by a connection that misses nothing. */
  readonly idsIn: (queue: string) => Promise<string[]>
}

const IDS = Array.from({ length: 30 }, (_, index) => `m${index}`)

/** A vhost with a queue `orders` of thirty messages, behind a network that can lose frames. */
async function place(atEnd: AtEnd): Promise<Place> {
  const vhost = await freshVhost(atEnd)
  const connection = await connectAmqp(await amqpUrl(vhost))
  atEnd(async () => {
    await connection.close()
  })
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange('events', 'topic')
  await channel.assertQueue('orders')
  await channel.bindQueue('orders', 'events', '#')
  for (const messageId of IDS) channel.publish('events', 'order', Buffer.from(messageId), { messageId })
  await channel.waitForConfirms()

  const proxy = await amqpProxy(Number(new URL((await testBroker()).amqpUrl).port))
  atEnd(async () => {
    await proxy[Symbol.asyncDispose]()
  })
  const target = { ...(await amqpTarget()), port: proxy.port, answerLimit: LIMIT, timeout: 1_000 }
  const amqp = new Amqp(target)
  atEnd(() => amqp.close())
  return {
    vhost,
    proxy,
    target,
    amqp,
    async idsIn(name) {
      const ids: string[] = []
      for (;;) {
        const message = await channel.get(name, { noAck: true })
        if (message === false) return ids
        ids.push(String(message.properties.messageId))
      }
    },
  }
}

/** The order of a move, and what it reports. */
async function move(at: Place, atEnd: AtEnd, signal?: AbortSignal) {
  const told: string[] = []
  const onProgress = (text: string) => void told.push(text)
  const context = await moveContext(at.vhost, atEnd, { amqp: at.amqp, onProgress, ...(signal && { signal }) })
  const declared = (more: object) => queue('orders', { vhost: at.vhost, type: 'classic', arguments: { ...more } })
  return { told, context, order: { from: declared({}), to: declared({ 'x-max-length': 1_000 }) } }
}

describe.concurrent('a migration over a network that swallows', () => {
  it.for(SWALLOWED)(
    '%s begins again on a new connection, and ends with every message',
    async (what, { onTestFinished, expect }) => {
      const at = await place(onTestFinished)
      const { told, context, order } = await move(at, onTestFinished)
      await at.amqp.opened(at.vhost)
      at.proxy.swallow(what, 'existing')

      const { moved, duplicates } = await moveQueue(context, order)

      expect(moved + duplicates.atMost).toBeGreaterThanOrEqual(IDS.length)
      expect(told).toContainEqual(expect.stringMatching(/on a new connection \(attempt 2 of 3\)/))
      expect(new Set(await at.idsIn('orders'))).toEqual(new Set(IDS))
    },
  )

  it('confirms is given up after three attempts with what was seen, and loses nothing', async ({
    onTestFinished,
    expect,
  }) => {
    const at = await place(onTestFinished)
    const { told, context, order } = await move(at, onTestFinished)
    at.proxy.swallow('confirms')

    await expect(moveQueue(context, order)).rejects.toMatchObject({
      exitCode: 7,
      message: expect.stringMatching(
        /30 of 30 messages published to \S+orders.moving are not confirmed after 4\d\d ms; \S+orders answers that 30 are ready, \S+orders.moving answers that 90 are ready; given up after 3 attempts/,
      ),
    })
    expect(told).toContainEqual(expect.stringMatching(/30 of 30 .* are not confirmed after 1\d\d ms/))
    expect(new Set(await at.idsIn('orders'))).toEqual(new Set(IDS))
  })

  it.for(SWALLOWED)('%s ends at a signal', async (what, { onTestFinished, expect }) => {
    const at = await place(onTestFinished)
    const stop = new AbortController()
    const target = { ...at.target, answerLimit: 60_000, timeout: 60_000 }
    const amqp = new Amqp({ ...target, stopGrace: 100 }, stop.signal)
    onTestFinished(() => amqp.close())
    const { context, order } = await move({ ...at, amqp }, onTestFinished, stop.signal)
    await amqp.opened(at.vhost)
    at.proxy.swallow(what)
    const moving = moveQueue(context, order).catch((error: unknown) => error)
    await until(() => at.proxy.swallowed() > 0, 'the first frame that is lost')
    stop.abort()

    expect(await moving).toMatchObject({ exitCode: 130, hint: 'every message is there; run it again to go on' })
    expect(new Set(await at.idsIn('orders'))).toEqual(new Set(IDS))
  })
})
