import type { ConfirmChannel } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { moveQueue } from '../../../src/apply/migrate/move-queue.ts'
import { WarrenError } from '../../../src/diagnostics/warren-error.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { NOTHING_YET } from '../../../src/broker/records/move-journal.ts'
import { queue } from '../../builders/objects.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { moveRun, PROJECT, shop } from './migration.ts'
import { until } from '../support/until.ts'
import { journalName } from '../../../src/model/generated-names.ts'

const DELAYS = { classic: 'classic', quorum: 'quorum' } as const

async function delayed(type: keyof typeof DELAYS, ttl: number) {
  const place = await shop({ from: type, to: type }, onTestFinished)
  const definition = (queueType: string) => ({
    vhost: place.vhost,
    type: queueType,
    role: { kind: 'delay', of: 'orders' } as const,
    arguments: {
      'x-message-ttl': ttl,
      'x-dead-letter-exchange': 'orders.failed',
      'x-dead-letter-routing-key': 'back',
      ...(queueType === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
    },
  })
  const name = 'orders.retry.later'
  const from = queue(name, definition(type))
  const to = queue(name, definition(type === 'classic' ? 'quorum' : 'classic'))
  await place.channel.assertQueue(name, { arguments: { ...from.arguments, 'x-queue-type': type } })
  await place.channel.bindQueue(name, 'orders.failed', 'later')
  for (let index = 0; index < 20; index += 1) {
    place.channel.publish('orders.failed', 'later', Buffer.from('x'), { messageId: `m${index}` })
  }
  await place.channel.waitForConfirms()
  const ready = async (each: string) => (await place.channel.checkQueue(each)).messageCount
  return { ...place, from, to, name, ready }
}

describe('a move of a delay queue', () => {
  it.each(['classic', 'quorum'] as const)('from %s waits until a short delay has run out', async (type) => {
    const { api } = await testBroker()
    const { vhost, from, to, name, ready } = await delayed(type, 2_000)

    const result = await moveQueue(await moveRun(onTestFinished), { from, to })

    expect(result).toMatchObject({ moved: 0, lost: 0, duplicates: { atLeast: 0, atMost: 0 } })
    await until(async () => (await ready('orders')) === 20, 'all messages to come back')
    expect(await api.get(['queues', vhost, name])).toMatchObject({ arguments: to.arguments })
    expect(await api.get(['queues', vhost, `${name}.moving`])).toBeUndefined()
    expect(await api.get(['bindings', vhost, 'e', 'orders.failed', 'q', name])).toMatchObject([
      { routing_key: 'later' },
    ])
  })

  it('moves messages that wait for longer', async () => {
    const { api } = await testBroker()
    const { vhost, from, to, name, ready } = await delayed('classic', 3_600_000)

    const result = await moveQueue(await moveRun(onTestFinished), { from, to })

    expect(result).toMatchObject({ moved: 20, lost: 0, duplicates: { atLeast: 0, atMost: 0 } })
    expect(await ready(name)).toBe(20)
    expect(await ready('orders')).toBe(0)
    expect(await api.get(['queues', vhost, `${name}.moving`])).toBeUndefined()
    expect(await api.get(['bindings', vhost, 'e', 'orders.failed', 'q', name])).toMatchObject([
      { routing_key: 'later' },
    ])
  })
})

describe('a move of a queue that cannot be completed', () => {
  async function refused(change: (place: Awaited<ReturnType<typeof shop>>) => Promise<unknown>) {
    const { api } = await testBroker()
    const place = await shop({ from: 'classic', to: 'quorum' }, onTestFinished)
    await change(place)
    const error: unknown = await moveQueue(await moveRun(onTestFinished, { waitLimit: 1_000 }), {
      ...place.move,
      limits: { consumers: 1, bindings: 2 },
    }).catch((thrown: unknown) => thrown)
    if (!(error instanceof Error)) throw new Error('it was done')
    const journal = await api.get(['global-parameters', journalName({ project: PROJECT, vhost: place.vhost })])
    const hint = error instanceof WarrenError ? error.hint : undefined
    return { message: error.message.replaceAll(place.vhost, 'vhost'), hint, begun: journal !== undefined, place, api }
  }

  it('has changed nothing when a policy would drop held messages', async () => {
    const { message, begun, place, api } = await refused(async ({ vhost, channel }) => {
      const { api } = await testBroker()
      for (let index = 0; index < 5; index += 1) channel.sendToQueue('orders', Buffer.from('x'))
      await channel.waitForConfirms()
      const definition = { 'max-length': 5 }
      await api.put(['policies', vhost, 'short'], { pattern: '^orders', definition, 'apply-to': 'queues' })
    })

    expect(message).toContain('policy:vhost/short')
    expect(begun).toBe(false)
    expect(await api.get(['queues', place.vhost, 'orders.moving'])).toBeUndefined()
  })

  it('has changed nothing when more is at risk than the plan named, or the name of the holding queue is taken', async () => {
    expect(await refused(({ channel }) => channel.bindQueue('orders', 'events', 'other'))).toMatchObject({
      message: 'queue:vhost/orders has 3 bindings, and the plan named 2',
      begun: false,
    })
    expect(await refused(({ channel }) => channel.assertQueue('orders.moving'))).toMatchObject({
      message: 'queue:vhost/orders.moving exists already, and does not belong to an unfinished migration',
      begun: false,
    })
  })

  it('has changed nothing when the broker refuses the new definition', async () => {
    const { message, begun, place, api } = await refused(async (place) => {
      const to = queue('orders', { vhost: place.vhost, type: 'quorum', arguments: { 'x-max-length': -1 } })
      Object.assign(place.move, { to })
    })

    expect(message).toContain('x-max-length')
    expect(begun).toBe(false)
    expect(await api.get(['queues', place.vhost, 'orders.moving'])).toBeUndefined()
    expect(await api.get(['queues', place.vhost, 'orders'])).toBeDefined()
  })

  it('stops while a program publishes to the queue by its name as fast as it is emptied, and continues when that has ended', async () => {
    const stop = new AbortController()
    let published = 0
    const publish = async (channel: ConfirmChannel) => {
      // It refills the queue to a number that grows, so that more messages remain after each round. It never publishes
      // far ahead, so a slow machine does not have to move more.
      for (let level = 20; !stop.signal.aborted; level += 1) {
        const { messageCount } = await channel.checkQueue('orders')
        for (let index = messageCount; index < level; index += 1) {
          channel.sendToQueue('orders', Buffer.from('x'))
          published += 1
        }
      }
      await channel.waitForConfirms()
    }
    let publishing: Promise<void> | undefined
    const { message, hint, begun, place } = await refused(async ({ connection }) => {
      const channel = await connection.createConfirmChannel()
      publishing = publish(channel)
    })
    stop.abort()
    await publishing

    expect(message).toBe('queue:vhost/orders keeps getting new messages')
    expect(hint).toMatch(/^stop the programs that publish to it by name/)
    expect(begun).toBe(true)
    expect(await moveQueue(await moveRun(onTestFinished), place.move)).toMatchObject({ moved: published, lost: 0 })
  })

  it('stops while a consumer holds messages, and continues once they are released', async () => {
    const { message, begun, place } = await refused(async ({ channel, connection }) => {
      channel.sendToQueue('orders', Buffer.from('held'), { messageId: 'held' })
      await channel.waitForConfirms()
      const consumer = await connection.createChannel()
      const taken = new Promise((resolve) => void consumer.consume('orders', resolve))
      await taken
      holding.close = () => consumer.close()
    })
    expect(message).toBe('1 messages of queue:vhost/orders cannot be moved: consumers hold them unacknowledged')
    expect(begun).toBe(true)

    await holding.close()
    const result = await moveQueue(await moveRun(onTestFinished), place.move)
    expect(result).toMatchObject({ moved: 1, lost: 0 })
    expect((await place.channel.checkQueue('orders')).messageCount).toBe(1)
  })
  const holding = { close: (): Promise<void> => Promise.resolve() }
})

describe('a move under an operator policy that limits every queue', () => {
  const COUNT = 10

  /** A queue with messages, and a limit for the holding queue. */
  async function limited(definition: object, pattern: string) {
    const { api } = await testBroker()
    const place = await shop({ from: 'classic', to: 'classic', name: 'bills' }, onTestFinished)
    for (let index = 0; index < COUNT; index += 1) place.channel.sendToQueue('orders', Buffer.from('0123456789'))
    await place.channel.waitForConfirms()
    const limit = (what: object) =>
      api.put(['operator-policies', place.vhost, 'limit'], { pattern, definition: what, 'apply-to': 'queues' })
    await limit(definition)
    const run = await moveRun(onTestFinished, { waitLimit: 1_000 })
    const ready = async () => (await place.channel.checkQueue('bills')).messageCount
    return { place, limit, run, ready }
  }

  it('succeeds if the messages cannot reach the limit', async () => {
    const { place, run, ready } = await limited({ 'max-length': 11, 'max-length-bytes': 1_000 }, '')

    expect(await moveQueue(run, place.move)).toMatchObject({ moved: COUNT, lost: 0 })
    expect(await ready()).toBe(COUNT)
  })

  /** The state of a run that began before the limit was set. */
  async function begun(definition: object, pattern: string) {
    const { place, run, ...rest } = await limited(definition, pattern)
    const { from, to } = place.move
    const entry = { from: from.name, to: to.name, holding: 'orders.moving', step: 'fill', bindings: [] } as const
    await run.journalOf(place.vhost).put({ ...entry, tally: NOTHING_YET })
    return { ...rest, move: () => moveQueue(run, place.move) }
  }

  it('loses nothing when a limit is set for the waiting messages after it has begun', async () => {
    const { limit, move, ready } = await begun({ 'max-length': 5 }, 'moving$')

    // The holding queue rejects messages above the limit, but accepts a whole burst.
    await move().catch(async () => {
      await limit({ 'max-length': 1_000 })
      await move()
    })
    expect(await ready()).toBe(COUNT)
  })

  it('stops before the new queue drops moved messages', async () => {
    const { limit, move, ready } = await begun({ 'max-length': 5 }, '^bills$')

    await expect(move()).rejects.toThrow(
      /bills keeps 5 messages and drops older ones, but together with \S+ there are 10/,
    )
    await limit({ 'max-length': 1_000 })
    await move()
    expect(await ready()).toBe(COUNT)
  })

  it('stops before an operator policy makes the holding queue drop the oldest, which 3.10 refuses', async () => {
    const { version } = await testBroker()
    const dropHead = { 'max-length': 5, overflow: 'drop-head' }
    const why = await begun(dropHead, 'moving$')
      .then(({ move }) => move())
      .catch(String)

    const stopped = /orders\.moving keeps 5 messages and drops older ones, but together with \S+ there are 10/
    expect(why).toMatch(isAtLeast(version, '4.0') ? stopped : /400/)
  })
})
