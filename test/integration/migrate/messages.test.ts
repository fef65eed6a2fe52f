import { connect as connectAmqp } from 'amqplib'
import type { ConfirmChannel, ConsumeMessage } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AmqpError } from '../../../src/broker/amqp/connections/amqp-error.ts'
import type { Amqp } from '../../../src/broker/amqp/connections/amqp.ts'
import { countReady } from '../../../src/broker/amqp/count-ready.ts'
import { holdLock, type Lock } from '../../../src/broker/amqp/hold-lock.ts'
import { MoveError } from '../../../src/broker/amqp/moving/move-error.ts'
import { MOVE_WINDOW, moveMessages } from '../../../src/broker/amqp/moving/move-messages.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { nestedTable, publishFrames } from '../../broker/amqp/raw-frames.ts'
import { testAmqp } from '../support/brokers/amqp-target.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { until } from '../support/until.ts'

interface Place {
  readonly vhost: string
  readonly amqp: Amqp
  /** Bare amqplib, not the code under test. */
  readonly channel: ConfirmChannel
}

async function place(): Promise<Place> {
  const vhost = await freshVhost()
  const connection = await connectAmqp(await amqpUrl(vhost))
  onTestFinished(() => connection.close())
  return { vhost, amqp: await testAmqp(), channel: await connection.createConfirmChannel() }
}

const TYPES = ['classic', 'quorum'] as const

async function declare(channel: ConfirmChannel, name: string, type: string, more: Record<string, unknown> = {}) {
  await channel.assertQueue(name, { arguments: { 'x-queue-type': type, ...more } })
}

async function fill(channel: ConfirmChannel, queue: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `m${index}`)
  for (const messageId of ids) channel.sendToQueue(queue, Buffer.from(messageId), { messageId, persistent: true })
  await channel.waitForConfirms()
  return ids
}

/**
 * Takes all messages of the queue, in order. It consumes them, which is many times faster than getting them one by
 * one.
 */
async function takeAll(channel: ConfirmChannel, queue: string): Promise<ConsumeMessage[]> {
  const messages: ConsumeMessage[] = []
  const { messageCount } = await channel.checkQueue(queue)
  const { consumerTag } = await channel.consume(queue, (message) => message && messages.push(message), { noAck: true })
  await until(() => messages.length >= messageCount, `${messageCount} messages of ${queue}`)
  await channel.cancel(consumerTag)
  return messages
}

const idsOf = (messages: readonly ConsumeMessage[]) => messages.map(({ properties }) => String(properties.messageId))

async function failure(promise: Promise<unknown>): Promise<MoveError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof MoveError)) throw new Error(`expected a MoveError, got ${String(error)}`)
  return error
}

describe('moving messages', () => {
  it('keeps all of them, in order, between all types of queues', async () => {
    const { vhost, amqp, channel } = await place()
    for (const from of TYPES) {
      for (const to of TYPES) {
        const [source, target] = [`${from}-to-${to}`, `${from}-to-${to}.target`]
        await declare(channel, source, from)
        await declare(channel, target, to)
        const ids = await fill(channel, source, 350)
        const movedIds: (string | undefined)[] = []

        const moved = await moveMessages(amqp, {
          vhost,
          from: source,
          to: target,
          type: from,
          isSingleNode: true,
          onMoved: (id) => movedIds.push(id),
        })

        expect(moved).toEqual({ moved: 350, because: 'empty', expirations: 0 })
        expect(idsOf(await takeAll(channel, target))).toEqual(ids)
        expect(new Set(movedIds)).toEqual(new Set(ids))
        expect(movedIds).toHaveLength(350)
        expect(await countReady(amqp, vhost, source)).toEqual({ messages: 0, consumers: 0 })
      }
    }
  })

  it('keeps the content of a message, and drops properties by which the copy would be routed elsewhere or expire (pitfall 15)', async () => {
    const { vhost, amqp, channel } = await place()
    const { username } = await testBroker()
    for (const name of ['from', 'to', 'copied']) await declare(channel, name, 'classic')
    const kept = {
      contentType: 'application/json',
      contentEncoding: 'gzip',
      deliveryMode: 2,
      priority: 3,
      correlationId: 'c-1',
      replyTo: 'answers',
      messageId: 'id-1',
      timestamp: 1_700_000_000,
      type: 'invoice.paid',
      appId: 'billing',
    }
    const headers = { attempt: 2, nested: { list: [1, 'two', true, null] }, 'x-warren-attempt': 1 }
    const content = Buffer.from([0, 255, 1, 254])
    channel.publish('', 'from', content, {
      ...kept,
      headers: { ...headers, CC: ['copied'] },
      expiration: '600000',
      userId: username,
    })
    await channel.waitForConfirms()
    await takeAll(channel, 'copied')

    expect(await moveMessages(amqp, { vhost, from: 'from', to: 'to' })).toMatchObject({ moved: 1, expirations: 1 })

    const [message, ...others] = await takeAll(channel, 'to')
    expect(others).toEqual([])
    expect(await takeAll(channel, 'copied')).toEqual([])
    expect(message?.content).toEqual(content)
    expect(message?.properties).toEqual({
      ...kept,
      headers,
      expiration: undefined,
      userId: undefined,
      clusterId: undefined,
    })
  })

  it.each([
    ['a single node', { type: 'quorum', isSingleNode: true }],
    ['a cluster', {}],
  ] as const)('stops after the given number of messages, within a window, on %s', async (_, known) => {
    const { vhost, amqp, channel } = await place()
    await declare(channel, 'from', 'quorum')
    await declare(channel, 'to', 'quorum')
    const ids = await fill(channel, 'from', 900)

    const { moved, because } = await moveMessages(amqp, { vhost, from: 'from', to: 'to', atMost: 300, ...known })

    expect(because).toBe('at-most')
    expect(moved).toBeGreaterThanOrEqual(300)
    expect(moved).toBeLessThanOrEqual(300 + MOVE_WINDOW)
    expect(idsOf(await takeAll(channel, 'to'))).toEqual(ids.slice(0, moved))
    expect(idsOf(await takeAll(channel, 'from'))).toEqual(ids.slice(moved))
  })

  it('stops on a signal without requeueing a message, because that would count as a delivery', async () => {
    const { vhost, amqp, channel } = await place()
    await declare(channel, 'from', 'quorum')
    await declare(channel, 'to', 'classic')
    const ids = await fill(channel, 'from', 2_000)
    const stop = new AbortController()
    let seen = 0
    const onMoved = () => {
      seen += 1
      if (seen === 100) stop.abort()
    }

    const { moved, because } = await moveMessages(amqp, { vhost, from: 'from', to: 'to', signal: stop.signal, onMoved })

    expect(because).toBe('signal')
    expect(idsOf(await takeAll(channel, 'to'))).toEqual(ids.slice(0, moved))
    const left = await takeAll(channel, 'from')
    expect(idsOf(left)).toEqual(ids.slice(moved))
    expect(left.filter(({ fields }) => fields.redelivered)).toEqual([])
  })

  it('loses nothing when the other queue is missing or full', async () => {
    const { vhost, amqp, channel } = await place()
    for (const type of TYPES) {
      await declare(channel, type, type)
      const ids = await fill(channel, type, 250)
      await declare(channel, `${type}.full`, 'quorum', { 'x-max-length': 10, 'x-overflow': 'reject-publish' })

      const missing = await failure(moveMessages(amqp, { vhost, from: type, to: 'nowhere' }))
      expect(missing.message).toContain(`a message was returned: queue:${vhost}/nowhere no longer exists`)
      expect(missing.moved).toBe(0)

      const full = await failure(moveMessages(amqp, { vhost, from: type, to: `${type}.full` }))
      expect(full).toMatchObject({
        hint: `check whether queue:${vhost}/${type}.full is full, and run the command again`,
      })
      expect(full.moved).toBeGreaterThanOrEqual(10)

      const left = await takeAll(channel, type)
      const arrived = await takeAll(channel, `${type}.full`)
      expect(new Set(idsOf([...arrived, ...left]))).toEqual(new Set(ids))
      expect(arrived.length + left.length - ids.length).toBeLessThanOrEqual(full.inBoth)
    }
  })

  it.each([5_000, 6_000])('does not move a message whose headers are nested %i deep', async (depth) => {
    const { vhost, amqp, channel } = await place()
    await declare(channel, 'from', 'quorum')
    await declare(channel, 'to', 'classic')
    const { ch, connection } = channel as unknown as {
      ch: number
      connection: { stream: { write(bytes: Buffer): void } }
    }
    connection.stream.write(publishFrames('from', [nestedTable('deep', depth)], 'm1', ch))
    await until(async () => (await channel.checkQueue('from')).messageCount === 1, 'the message')

    const error = await failure(moveMessages(amqp, { vhost, from: 'from', to: 'to' }))

    expect(error.message).toContain('a message cannot be copied with its headers and properties "deep"')
    // A quorum queue requeues the delivery when it is informed that the channel has ended, which is after close-ok.
    const holdsOne = async () => {
      const ready = await countReady(amqp, vhost, 'from')
      return ready !== 'missing' && ready.messages === 1
    }
    await until(holdsOne, 'the message in its queue again')
    expect(await countReady(amqp, vhost, 'to')).toMatchObject({ messages: 0 })
  })

  it('keeps at least the messages that had not arrived when the other queue is deleted', async () => {
    const { vhost, amqp, channel } = await place()
    await declare(channel, 'from', 'quorum')
    await declare(channel, 'to', 'classic')
    const ids = await fill(channel, 'from', 3_000)
    const arrived = new Set<string | undefined>()
    let deleting: Promise<unknown> | undefined
    const onMoved = (id: string | undefined) => {
      arrived.add(id)
      deleting ??= channel.deleteQueue('to')
    }

    const error = await failure(moveMessages(amqp, { vhost, from: 'from', to: 'to', onMoved }))
    await deleting

    expect(error.moved).toBe(arrived.size)
    const left = idsOf(await takeAll(channel, 'from'))
    // The acknowledgement of an arrived message may be lost with the channel; then the message also remains in the
    // old queue.
    expect(new Set([...arrived, ...left])).toEqual(new Set(ids))
    expect(left.filter((id) => arrived.has(id)).length).toBeLessThanOrEqual(error.inBoth)
  })

  it('reports that the broker delivers the messages to another consumer', async () => {
    const { vhost, amqp, channel } = await place()
    await declare(channel, 'single', 'classic', { 'x-single-active-consumer': true })
    await declare(channel, 'exclusive', 'classic')
    await declare(channel, 'to', 'classic')
    await channel.prefetch(1)
    await channel.consume('single', () => undefined)
    await channel.consume('exclusive', () => undefined, { exclusive: true })
    await fill(channel, 'single', 3)
    await fill(channel, 'exclusive', 3)

    expect(await moveMessages(amqp, { vhost, from: 'single', to: 'to' })).toMatchObject({
      moved: 0,
      because: 'not-served',
    })
    const error = await failure(moveMessages(amqp, { vhost, from: 'exclusive', to: 'to' }))
    expect(error.hint).toBe(`stop the exclusive consumer of queue:${vhost}/exclusive, and run the command again`)
  })
})

describe('counting what is ready', () => {
  it('counts messages and consumers, and reports a missing queue', async () => {
    const { vhost, amqp, channel } = await place()
    for (const type of TYPES) {
      await declare(channel, type, type)
      await fill(channel, type, 3)
      await channel.prefetch(1)
      await channel.consume(type, () => undefined)
      await until(async () => {
        const ready = await countReady(amqp, vhost, type)
        return ready !== 'missing' && ready.messages === 2 && ready.consumers === 1
      }, `one of three in ${type} to be delivered`)
    }
    expect(await countReady(amqp, vhost, 'nowhere')).toBe('missing')
  })

  it('counts as many queues at once as run concurrently', async () => {
    const { vhost, amqp, channel } = await place()
    await declare(channel, 'one', 'classic')
    const names = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? 'one' : `missing-${index}`))

    const counts = await Promise.all(names.map((name) => countReady(amqp, vhost, name)))

    expect(counts.filter((count) => count === 'missing')).toHaveLength(30)
  })

  it('does not report a queue as missing if the login may not read it', async () => {
    const { vhost, channel } = await place()
    const { version } = await testBroker()
    await declare(channel, 'secret', 'classic')
    const login = await freshUser({ permissions: { [vhost]: { configure: '', write: '', read: '^mine$' } } })
    const counted = await countReady(await testAmqp(login), vhost, 'secret').catch((error: unknown) =>
      error instanceof AmqpError && error.isRefused() ? 'refused' : error,
    )

    expect(counted).toEqual(isAtLeast(version, '4.1.0') ? 'refused' : { messages: 0, consumers: 0 })
  })
})

/** Takes a free lock. */
async function lockOf(...[amqp, vhost, name]: Parameters<typeof holdLock>): Promise<Lock> {
  const lock = await holdLock(amqp, vhost, name)
  if (lock === 'held' || 'refused' in lock) throw new Error(JSON.stringify(lock))
  return lock
}

describe('a lock', () => {
  it('is held by one holder at a time, and by another after its release', async () => {
    const { vhost, amqp } = await place()
    const first = await lockOf(amqp, vhost, 'lock')

    expect(await holdLock(amqp, vhost, 'lock')).toBe('held')
    await first.release()
    expect(first.lost.aborted).toBe(false)
    const second = await lockOf(amqp, vhost, 'lock')
    await second.release()
  })

  it('reports the loss of the lock', async () => {
    const { vhost } = await place()
    const login = await freshUser({ permissions: { [vhost]: { configure: '.*', write: '.*', read: '.*' } } })
    const lock = await lockOf(await testAmqp(login), vhost, 'lock')
    const { api } = await testBroker()
    expect(lock.lost.aborted).toBe(false)

    // The API sees a connection only some seconds after it was opened.
    const closing = until(async () => {
      await api.delete(['connections', 'username', login.username])
      return lock.lost.aborted
    }, 'the loss of the lock')

    await closing
    expect(String(lock.lost.reason)).toContain('CONNECTION_FORCED')
  })

  it('is kept under a policy that deletes unused queues', async () => {
    const { vhost, amqp } = await place()
    const { api } = await testBroker()
    const definition = { expires: 100 }
    await api.put(['policies', vhost, 'vanish'], { pattern: '', 'apply-to': 'queues', definition })
    await api.put(['queues', vhost, 'unused'], {})
    const lock = await lockOf(amqp, vhost, 'lock')

    await until(async () => (await api.get(['queues', vhost, 'unused'])) === undefined, 'the end of an unused queue')
    expect(await holdLock(amqp, vhost, 'lock')).toBe('held')
    expect(lock.lost.aborted).toBe(false)
    await lock.release()
  })

  it('can be held by a login that may declare but not read it', async () => {
    const { vhost, amqp } = await place()
    const login = await freshUser({ permissions: { [vhost]: { configure: '^lock$', write: '', read: '' } } })
    const limited = await testAmqp(login)
    const lock = await lockOf(limited, vhost, 'lock')

    expect(await holdLock(amqp, vhost, 'lock')).toBe('held')
    // On RabbitMQ 4.3, this login may read no queue, so it cannot see who holds the lock.
    expect(await holdLock(limited, vhost, 'lock')).toBe('held')
    await lock.release()
  })

  it('is refused with the reason of the broker, for each kind of refusal', async () => {
    const { vhost, amqp, channel } = await place()
    const { api } = await testBroker()
    const rights = { configure: '.*', write: '.*', read: '.*' }
    const without = await freshUser({ permissions: { [vhost]: { ...rights, configure: '^mine$' } } })
    const limited = await freshUser({ permissions: { [vhost]: rights } })
    await declare(channel, 'taken', 'classic')

    expect(await holdLock(await testAmqp(without), vhost, 'lock')).toEqual({
      refused: `the login may not declare the queue lock in vhost "${vhost}"`,
    })
    expect(await holdLock(amqp, vhost, 'taken')).toEqual({
      refused: `vhost "${vhost}" has an ordinary queue taken, but this name is reserved for warren's lock: delete that queue`,
    })
    for (const [type, args] of Object.entries({ quorum: {}, stream: {}, classic: { 'x-max-length': 9 } })) {
      const name = `other-${type}`
      await api.put(['queues', vhost, name], { durable: true, arguments: { 'x-queue-type': type, ...args } })
      expect(await holdLock(amqp, vhost, name)).toEqual({
        refused: `vhost "${vhost}" has an ordinary queue ${name}, but this name is reserved for warren's lock: delete that queue`,
      })
    }
    await api.put(['user-limits', limited.username, 'max-channels'], { value: 0 })
    expect(await holdLock(await testAmqp(limited), vhost, 'lock')).toEqual({
      refused: expect.stringMatching(/number of channels opened .*has reached the maximum allowed user limit/),
    })
    await api.put(['user-limits', limited.username, 'max-connections'], { value: 0 })
    expect(await holdLock(await testAmqp(limited), vhost, 'lock')).toEqual({
      refused: expect.stringMatching(/refused access to the vhost "test-vhost-.*"|refused the login/),
    })
    await api.put(['vhost-limits', vhost, 'max-queues'], { value: 1 })
    expect(await holdLock(amqp, vhost, 'lock')).toEqual({
      refused: expect.stringMatching(/the broker refused the queue lock .*: .*queue limit in vhost .* is reached/),
    })
  })
})
