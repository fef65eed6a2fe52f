import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countQueues } from '../../../src/apply/counting/count-queues.ts'
import { countingDelay, setCountingDelay } from '../../../src/apply/counting-delay.ts'
import { waitUntilEmpty, whatIsLeft } from '../../../src/apply/counting/wait-until-empty.ts'
import { Amqp } from '../../../src/broker/amqp/connections/amqp.ts'
import { countReadyForSure, countRouted } from '../../../src/broker/amqp/count-ready.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { amqpTarget, testAmqp } from '../support/brokers/amqp-target.ts'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { withClient } from '../support/converge.ts'
import { amqpProxy } from '../support/proxies/amqp-proxy.ts'

const HOLDS_DEAD_LETTERS = {
  'x-queue-type': 'quorum',
  'x-message-ttl': 1,
  'x-dead-letter-exchange': 'nowhere',
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
}

async function place() {
  const vhost = await freshVhost()
  const connection = await connectAmqp(await amqpUrl(vhost))
  onTestFinished(() => connection.close())
  const channel = await connection.createConfirmChannel()
  const consumer = await connection.createChannel()
  await consumer.prefetch(2)
  for (const type of ['classic', 'quorum', 'stream']) {
    await channel.assertQueue(type, { arguments: { 'x-queue-type': type } })
  }
  await channel.assertQueue('held', { arguments: HOLDS_DEAD_LETTERS })
  return { vhost, channel, consumer, amqp: await testAmqp() }
}

/** Runs code with a wait for statistics that exceeds the time limit of every test. */
async function withoutStatistics<T>(work: () => Promise<T>): Promise<T> {
  const usual = countingDelay()
  setCountingDelay(3_600_000)
  try {
    return await work()
  } finally {
    setCountingDelay(usual)
  }
}

describe('counting queues', () => {
  it('counts a classic queue and ready messages at once, and all others after a wait (pitfall 38)', async () => {
    const { vhost, channel, consumer, amqp } = await place()
    const names = ['classic', 'quorum', 'stream', 'held', 'missing']
    for (const queue of ['classic', 'quorum', 'stream', 'held']) {
      for (let index = 0; index < 5; index += 1) channel.sendToQueue(queue, Buffer.from('message'))
    }
    await channel.waitForConfirms()

    await withClient(async (client) => {
      const counts = await countQueues({ amqp, client, vhost, names })
      expect([...counts.keys()]).toEqual(['classic', 'quorum', 'stream', 'held'])
      for (const type of ['classic', 'quorum', 'stream']) {
        expect(counts.get(type)).toMatchObject({ type, messages: 5, consumers: 0 })
      }

      await consumer.consume('classic', () => undefined)
      await consumer.consume('quorum', () => undefined)
      const atOnce = await countQueues({ amqp, client, vhost, names: ['classic'] })
      expect(atOnce.get('classic')).toMatchObject({ messages: 5, held: 0, consumers: 1 })
      const later = await countQueues({ amqp, client, vhost, names, since: performance.now() })
      for (const type of ['classic', 'quorum']) {
        expect(later.get(type)).toMatchObject({ messages: 5, held: 0, consumers: 1 })
      }
      expect(later.get('held')).toMatchObject({ messages: 5, held: 5, consumers: 0 })
    })
  })

  it('counts messages that are routed to a quorum queue and not yet written', async () => {
    const { vhost, channel, amqp } = await place()
    await countRouted(amqp, vhost, 'quorum')
    for (let round = 1; round <= 5; round += 1) {
      for (let index = 0; index < 10; index += 1) channel.sendToQueue('quorum', Buffer.alloc(1_000_000))
      // The answer follows the messages of the channel. They are routed now.
      await channel.checkQueue('classic')
      expect(await countRouted(amqp, vhost, 'quorum')).toBe(round * 10)
    }
    await channel.waitForConfirms()
    expect(await countRouted(amqp, vhost, 'missing')).toBe('missing')
  })

  it('counts the others if the broker closes the connection because of one queue', async () => {
    const { vhost, channel } = await place()
    const others = Array.from({ length: 8 }, (_, index) => `other-${index}`)
    for (const name of ['broken', ...others]) {
      await channel.assertQueue(name, { arguments: { 'x-queue-type': 'quorum' } })
    }
    const target = await amqpTarget()
    await using proxy = await amqpProxy(target.port)
    proxy.failGetsOf('broken')
    const amqp = new Amqp({ ...target, hostname: '127.0.0.1', port: proxy.port })
    onTestFinished(() => amqp.close())

    await withClient(async (client) => {
      const counts = await countQueues({ amqp, client, vhost, names: ['broken', ...others] })
      const uncounted = [...counts].filter(([, count]) => 'uncounted' in count)
      expect(uncounted).toMatchObject([['broken', { uncounted: expect.stringContaining('INTERNAL_ERROR') }]])
      expect(counts.size).toBe(others.length + 1)
    })
  })

  it('counts consumers and their unacknowledged messages on a connection with heartbeats only', async () => {
    const { vhost, channel, amqp } = await place()
    const url = new URL(await amqpUrl(vhost))
    await using proxy = await amqpProxy(Number(url.port))
    url.port = String(proxy.port)
    url.hostname = '127.0.0.1'
    const connection = await connectAmqp(url.href)
    connection.on('error', () => undefined)
    const consumer = await connection.createChannel()
    const names = ['classic', 'quorum']
    for (const queue of names) await consumer.consume(queue, () => undefined)
    proxy.swallow('all but heartbeats')
    for (const queue of names) channel.sendToQueue(queue, Buffer.from('message'))
    await channel.waitForConfirms()

    await withClient(async (client) => {
      const counts = await countQueues({ amqp, client, vhost, names })
      expect(counts.get('classic')).toMatchObject({ messages: 1, consumers: 1 })
      expect(counts.get('quorum')).toMatchObject({ consumers: 1 })
    })
  })

  it('reports a queue as empty only without ready, unacknowledged and held messages, and waits only for late counts', async () => {
    const { vhost, channel, consumer, amqp } = await place()
    for (const queue of ['classic', 'quorum', 'held']) channel.sendToQueue(queue, Buffer.from('message'))
    await channel.waitForConfirms()
    await consumer.consume('classic', () => undefined)
    await consumer.consume('quorum', () => undefined)
    const since = performance.now()

    await withClient(async (client) => {
      const left = await Promise.all(
        ['classic', 'quorum', 'held', 'stream', 'missing'].map((queue) =>
          whatIsLeft({ amqp, client, vhost, queue, since }),
        ),
      )
      expect(performance.now() - since).toBeGreaterThanOrEqual(countingDelay())
      expect(left).toMatchObject([{ messages: 1 }, { messages: 1 }, { messages: 1, held: 1 }, 'empty', 'missing'])

      consumer.ackAll()
      const now = { amqp, client, vhost, since: performance.now() }
      const classic = { ...now, queue: 'classic' }
      expect(await withoutStatistics(() => waitUntilEmpty(classic, 60_000))).toBe('empty')
      expect(await waitUntilEmpty({ ...now, queue: 'quorum' }, 60_000)).toBe('empty')
      expect(await waitUntilEmpty({ ...now, queue: 'held' }, 1)).toMatchObject({ messages: 1 })
    })
  })

  it('waits for the counts of a stream only if it is not counted again later and they may be too old', async () => {
    const { vhost, amqp } = await place()
    await withClient(async (client) => {
      // A wait fails immediately.
      const stream = { amqp, client, vhost, names: ['stream'], signal: AbortSignal.abort() }

      const now = performance.now()
      await expect(countQueues(stream)).rejects.toThrow(/abort/)
      await expect(countQueues({ ...stream, since: now })).rejects.toThrow(/abort/)
      for (const question of [{ preliminary: true }, { since: now - countingDelay() }]) {
        expect((await countQueues({ ...stream, ...question })).get('stream')).toMatchObject({ messages: 0 })
      }
    })
  })

  it('needs no statistics to detect an empty quorum queue, with or without a single active consumer', async () => {
    const { vhost, channel, amqp } = await place()
    const single = { 'x-queue-type': 'quorum', 'x-single-active-consumer': true }
    await channel.assertQueue('single', { arguments: single })
    channel.sendToQueue('quorum', Buffer.from('message'))
    await channel.waitForConfirms()
    await withClient(async (client) => {
      // From now on, the totals include it.
      const names = ['quorum']
      await countQueues({ amqp, client, vhost, names, since: performance.now() })
      await channel.purgeQueue('quorum')

      const since = performance.now()
      const left = await withoutStatistics(() =>
        Promise.all(['quorum', 'single'].map((queue) => whatIsLeft({ amqp, client, vhost, queue, since }))),
      )
      expect(left).toEqual(['empty', 'empty'])
    })
  })

  it('counts messages that wait for a delayed retry, which AMQP does not report (from 4.3)', async () => {
    const { vhost, channel, consumer, amqp } = await place()
    const { version } = await testBroker()
    const hour = 3_600_000
    const delayed = { 'x-delayed-retry-type': 'all', 'x-delayed-retry-min': hour, 'x-delayed-retry-max': hour }
    await channel.assertQueue('delayed', { arguments: { 'x-queue-type': 'quorum', ...delayed } })
    channel.sendToQueue('delayed', Buffer.from('message'))
    await channel.waitForConfirms()
    const message = await consumer.get('delayed')
    if (message !== false) consumer.nack(message, false, true)
    const isDelayed = isAtLeast(version, '4.3')

    await withClient(async (client) => {
      const question = { amqp, client, vhost, queue: 'delayed', since: performance.now() }
      expect(await whatIsLeft(question)).toMatchObject({ messages: 1, held: isDelayed ? 1 : 0 })
      expect(await countReadyForSure(amqp, vhost, 'delayed', 'quorum')).toMatchObject({ messages: isDelayed ? 0 : 1 })
    })
  })
})
