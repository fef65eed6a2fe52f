import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OutgoingMessage } from '../../../src/runtime/publish/outgoing-message.ts'
import { PublishError } from '../../../src/runtime/publish/publish-error.ts'
import { PublishLane } from '../../../src/runtime/publish/publisher.ts'
import { FakeConnection } from '../fake-connection.ts'
import type { FakeConfirmChannel } from '../fake-connection.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function message(key: string, size = 1, isOnlyWithId = true): OutgoingMessage {
  return {
    route: 'send',
    label: 'publication "send"',
    messageId: key,
    routingKey: key,
    content: Buffer.alloc(size),
    properties: { mandatory: true, messageId: key },
    isOnlyWithId,
  }
}

/** A lane, and the outcomes of the messages sent over it. */
class Lane {
  readonly connection = new FakeConnection()
  readonly outcomes: Record<string, string> = {}
  readonly lane: PublishLane

  constructor(window = { messages: 2, bytes: 100 }) {
    this.lane = new PublishLane('tasks', this.connection.asConnection, window)
  }

  /** The message is known by `name`; its routing key and id are `key`. */
  async publish(
    name: string,
    {
      key = name,
      isOnlyWithId = true,
      size = 1,
      timeout = 1_000,
      signal,
    }: { key?: string; isOnlyWithId?: boolean; size?: number; timeout?: number; signal?: AbortSignal } = {},
  ) {
    this.lane.publish(message(key, size, isOnlyWithId), { timeout, signal }).then(
      () => (this.outcomes[name] = 'confirmed'),
      (error: unknown) => {
        if (!(error instanceof PublishError)) throw error
        this.outcomes[name] = `${error.outcome}${error.maybePublished ? ', maybe published' : ''}`
      },
    )
    await settle()
  }

  channel(index = 0): FakeConfirmChannel {
    const channel = this.connection.channels[index]
    if (!channel) throw new Error(`there is no channel ${index}`)
    return channel
  }

  sent(index = 0): string[] {
    return this.channel(index).sent.map(({ routingKey }) => routingKey)
  }
}

/** Lets everything run that does not wait for a timer. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}

describe('PublishLane', () => {
  it('sends no more than its window, and the next with each confirmation, in order', async () => {
    const lane = new Lane()
    for (const key of ['a', 'b', 'c', 'd']) await lane.publish(key)
    expect(lane.sent()).toEqual(['a', 'b'])

    lane.channel().confirm(1)
    await settle()
    expect(lane.sent()).toEqual(['a', 'b', 'c'])
    expect(lane.outcomes).toEqual({ b: 'confirmed' })
  })

  it('counts bytes, too, and sends a message that is larger than the window alone', async () => {
    const lane = new Lane({ messages: 10, bytes: 100 })
    await lane.publish('a', { size: 60 })
    await lane.publish('b', { size: 500 })
    await lane.publish('c', { size: 1 })
    expect(lane.sent()).toEqual(['a'])

    lane.channel().confirm(0)
    await settle()
    expect(lane.sent()).toEqual(['a', 'b'])
    lane.channel().confirm(1)
    await settle()
    expect(lane.sent()).toEqual(['a', 'b', 'c'])
  })

  it('rejects the returned one of two messages that are confirmed together (pitfall 2)', async () => {
    const lane = new Lane()
    await lane.publish('a')
    await lane.publish('b')
    lane.channel().giveBack(1)
    lane.channel().confirm(0)
    lane.channel().confirm(1)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'confirmed', b: 'unroutable' })
  })

  it('distinguishes two messages with the same id by a sequence number (pitfall 2)', async () => {
    const lane = new Lane()
    await lane.publish('a', { key: 'x', isOnlyWithId: false })
    await lane.publish('b', { key: 'x', isOnlyWithId: false })
    lane.channel().giveBack(1)
    lane.channel().confirm(0)
    lane.channel().confirm(1)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'confirmed', b: 'unroutable' })
  })

  it('says that a message whose channel was lost may have been published (pitfall 6)', async () => {
    const lane = new Lane()
    await lane.publish('a')
    await lane.publish('b')
    lane.channel().refuse(0)
    lane.channel().die()
    await settle()
    expect(lane.outcomes).toEqual({ a: 'refused, maybe published', b: 'unknown, maybe published' })
  })

  it.each([
    [404, 'NOT_FOUND', 'unroutable'],
    [403, 'ACCESS_REFUSED', 'refused'],
    [406, 'PRECONDITION_FAILED - message size 1 is larger than configured max size 0', 'tooLarge'],
    [406, 'PRECONDITION_FAILED - something else', 'unknown, maybe published'],
  ])('derives the outcome of the only message from a channel closed with %i (%s)', async (code, reason, outcome) => {
    const lane = new Lane()
    await lane.publish('a')
    lane.channel().die(code, reason)
    await settle()
    expect(lane.outcomes).toEqual({ a: outcome })
  })

  it('reports all of several messages as unknown if the broker closes the channel (pitfall 5)', async () => {
    const lane = new Lane()
    await lane.publish('a')
    await lane.publish('b')
    lane.channel().die(404)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'unroutable, maybe published', b: 'unroutable, maybe published' })
  })

  it('sends waiting messages over the next channel', async () => {
    const lane = new Lane({ messages: 1, bytes: 100 })
    await lane.publish('a')
    await lane.publish('b')
    lane.connection.goDown()
    lane.channel().die()
    await settle()
    expect(lane.outcomes).toEqual({ a: 'unknown, maybe published' })

    lane.connection.comeUp()
    await settle()
    expect(lane.sent(1)).toEqual(['b'])
    lane.channel(1).confirm(0)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'unknown, maybe published', b: 'confirmed' })
  })

  it('keeps the order of waiting messages when only the channel is lost', async () => {
    const lane = new Lane({ messages: 2, bytes: 100 })
    for (const name of ['a', 'b', 'c', 'd', 'e']) await lane.publish(name)
    lane.channel().die(406)
    await settle()
    expect([lane.sent(0), lane.sent(1)]).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])

    lane.channel(1).confirm(0)
    await settle()
    expect(lane.sent(1)).toEqual(['c', 'd', 'e'])
  })

  it('keeps the place of a publish that was refused by a channel that is about to be lost', async () => {
    const lane = new Lane({ messages: 1, bytes: 100 })
    for (const name of ['a', 'b', 'c']) await lane.publish(name)
    lane.channel().isClosed = true
    lane.channel().confirm(0)
    await settle()
    expect(lane.sent(1)).toEqual(['b'])
    lane.channel(1).confirm(0)
    await settle()
    expect(lane.sent(1)).toEqual(['b', 'c'])
  })

  it('waits while the broker blocks publishers, and gives up in time (pitfall 10)', async () => {
    const lane = new Lane()
    await lane.publish('a')
    lane.connection.block()
    await lane.publish('b', { timeout: 100 })
    await lane.publish('c', { timeout: 1_000 })
    await vi.advanceTimersByTimeAsync(100)
    expect(lane.outcomes).toEqual({ b: 'blocked' })
    expect(lane.sent()).toEqual(['a'])

    lane.connection.unblock()
    await settle()
    expect(lane.sent()).toEqual(['a', 'c'])
  })

  it('does not treat a full write buffer as a failure (pitfall 11)', async () => {
    const lane = new Lane()
    lane.connection.isBufferFull = true
    await lane.publish('a')
    lane.channel().confirm(0)
    await settle()
    expect(lane.sent()).toEqual(['a'])
    expect(lane.outcomes).toEqual({ a: 'confirmed' })
  })

  it('keeps the place of a message that timed out, which the broker may still answer', async () => {
    const lane = new Lane({ messages: 1, bytes: 100 })
    await lane.publish('a', { timeout: 100 })
    await lane.publish('b', { timeout: 500 })
    await vi.advanceTimersByTimeAsync(100)
    expect(lane.outcomes).toEqual({ a: 'timeout, maybe published' })
    expect(lane.sent()).toEqual(['a'])

    lane.channel().confirm(0)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'timeout, maybe published' })
    expect(lane.sent()).toEqual(['a', 'b'])
  })

  it('does not send a message whose publish was aborted', async () => {
    const lane = new Lane({ messages: 1, bytes: 100 })
    const controller = new AbortController()
    await lane.publish('a')
    await lane.publish('b', { signal: controller.signal })
    await lane.publish('c')
    controller.abort()
    await settle()
    lane.channel().confirm(0)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'confirmed', b: 'timeout' })
    expect(lane.sent()).toEqual(['a', 'c'])

    await lane.publish('d', { signal: controller.signal })
    expect(lane.outcomes).toMatchObject({ d: 'timeout' })
  })

  it('accepts the same signal for many messages', async () => {
    const warnings: string[] = []
    const listen = (warning: Error) => warnings.push(warning.message)
    process.on('warning', listen)
    const lane = new Lane()
    const controller = new AbortController()
    for (let n = 0; n < 50; n++) await lane.publish(String(n), { signal: controller.signal })
    controller.abort()
    await settle()
    vi.useRealTimers()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', listen)

    expect(warnings).toEqual([])
    expect(Object.values(lane.outcomes)).toHaveLength(50)
  })

  it('does not publish to a missing exchange, and checks again the next time', async () => {
    const lane = new Lane()
    lane.connection.missing.add('tasks')
    await lane.publish('a')
    expect(lane.outcomes).toEqual({ a: 'unroutable' })
    expect(lane.connection.channels).toEqual([])

    lane.connection.missing.clear()
    await lane.publish('b')
    expect(lane.sent()).toEqual(['b'])
  })

  it('limits the number of waiting messages in memory (pitfall 12)', async () => {
    const lane = new Lane()
    lane.connection.goDown()
    const large = 40 * 1024 * 1024
    await lane.publish('a', { size: large })
    await lane.publish('b', { size: large })
    expect(lane.outcomes).toEqual({ b: 'blocked' })

    for (let n = 1; n < 100_000; n++) lane.lane.publish(message('c'), { timeout: 1_000 }).catch(() => undefined)
    await lane.publish('d')
    expect(lane.outcomes).toEqual({ b: 'blocked', d: 'blocked' })
  })

  it('rejects all open publishes when it is closed', async () => {
    const lane = new Lane({ messages: 1, bytes: 100 })
    await lane.publish('a')
    await lane.publish('b')
    expect(lane.lane.unsettled).toBe(2)
    await lane.lane.close()
    await settle()
    await lane.publish('c')
    expect(lane.outcomes).toEqual({ a: 'unknown, maybe published', b: 'timeout', c: 'invalid' })
    expect(lane.lane.unsettled).toBe(0)
  })
})

describe('a channel on which nothing is confirmed', () => {
  it('gives up after the limit: sent messages are unknown, and waiting ones go over another channel', async () => {
    const lane = new Lane()
    for (const key of ['a', 'b', 'c']) await lane.publish(key, { timeout: 300_000 })
    await vi.advanceTimersByTimeAsync(25_000)
    expect(lane.outcomes).toEqual({})

    await vi.advanceTimersByTimeAsync(15_000)
    await settle()
    expect(lane.outcomes).toEqual({ a: 'unknown, maybe published', b: 'unknown, maybe published' })
    expect(lane.sent(1)).toEqual(['c'])

    // A late answer has no effect.
    lane.channel(0).confirm(0)
    lane.channel(1).confirm(0)
    await settle()
    expect(lane.outcomes).toMatchObject({ c: 'confirmed' })
  })

  it('is kept while anything is confirmed, and while the broker blocks the connection', async () => {
    const lane = new Lane({ messages: 10, bytes: 100 })
    for (const key of ['a', 'b', 'c']) await lane.publish(key, { timeout: 300_000 })
    await vi.advanceTimersByTimeAsync(25_000)
    lane.channel().confirm(0)
    await vi.advanceTimersByTimeAsync(25_000)
    lane.connection.block()
    await vi.advanceTimersByTimeAsync(60_000)
    lane.connection.unblock()
    lane.channel().confirm(1)
    lane.channel().confirm(2)
    await settle()

    expect(lane.outcomes).toEqual({ a: 'confirmed', b: 'confirmed', c: 'confirmed' })
    expect(lane.connection.channels).toHaveLength(1)
  })
})
