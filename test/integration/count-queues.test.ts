import { connect as connectAmqp } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countQueues } from '../../src/apply/count-queues.ts'
import { API_DELAY, waitUntilEmpty, whatIsLeft } from '../../src/apply/wait-until-empty.ts'
import { testAmqp } from './amqp-target.ts'
import { amqpUrl, freshVhost } from './broker.ts'
import { withClient } from './converge.ts'

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

describe('counting queues', () => {
  it('sees at once what is ready, a stream included, and some seconds later what is not (pitfall 38)', async () => {
    const { vhost, channel, consumer, amqp } = await place()
    const names = ['classic', 'quorum', 'stream', 'held', 'missing']
    for (const queue of ['classic', 'quorum', 'stream', 'held']) {
      for (let index = 0; index < 5; index += 1) channel.sendToQueue(queue, Buffer.from('message'))
    }
    await channel.waitForConfirms()

    await withClient(async (client) => {
      const counts = await countQueues(amqp, client, vhost, names)
      expect([...counts.keys()]).toEqual(['classic', 'quorum', 'stream', 'held'])
      for (const type of ['classic', 'quorum', 'stream']) {
        expect(counts.get(type)).toMatchObject({ type, messages: 5, consumers: 0 })
      }

      await consumer.consume('classic', () => undefined)
      await consumer.consume('quorum', () => undefined)
      await sleep(API_DELAY)
      const later = await countQueues(amqp, client, vhost, names)
      for (const type of ['classic', 'quorum']) {
        expect(later.get(type)).toMatchObject({ messages: 5, messagesDlx: 0, consumers: 1 })
      }
      expect(later.get('held')).toMatchObject({ messages: 5, messagesDlx: 5, consumers: 0 })
    })
  })

  it('calls empty only what has nothing ready, unacknowledged or held', async () => {
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
      expect(performance.now() - since).toBeGreaterThanOrEqual(API_DELAY)
      expect(left).toMatchObject([
        { messages: 1 },
        { messages: 1 },
        { messages: 1, messagesDlx: 1 },
        'empty',
        'missing',
      ])

      consumer.ackAll()
      const now = { amqp, client, vhost, since: performance.now() }
      expect(await waitUntilEmpty({ ...now, queue: 'classic' }, 10_000)).toBe('empty')
      expect(await waitUntilEmpty({ ...now, queue: 'quorum' }, 10_000)).toBe('empty')
      expect(await waitUntilEmpty({ ...now, queue: 'held' }, 1)).toMatchObject({ messages: 1 })
    })
  })
})
