import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ChannelModel } from 'amqplib'
import { describe, expect, it, vi } from 'vitest'
import { ANSWERED_METHODS, limitAnswers, NoAnswerError } from '../../../../src/broker/amqp/connections/answer-limit.ts'

/** amqplib does not export its classes. */
const require = createRequire(import.meta.url)
const path = join(dirname(require.resolve('amqplib')), 'lib/channel_model.js')
const { Channel, ChannelModel: Model, ConfirmChannel } = require(path) as Record<string, { prototype: object }>

/** Methods that wait for no answer, or that are called only by methods with a time limit. */
const UNLIMITED = ['constructor', 'open', 'rpc', 'publish', 'sendToQueue', 'ack', 'ackAll', 'nack', 'nackAll', 'reject']

const methodsOf = (classes: readonly (typeof Channel)[]) =>
  new Set(classes.flatMap((each) => Object.getOwnPropertyNames(each?.prototype)))

describe('the limit of answers', () => {
  it('applies to every method of amqplib that waits for the broker', () => {
    const channel = methodsOf([Channel, ConfirmChannel])
    expect(channel).toEqual(new Set([...UNLIMITED, ...ANSWERED_METHODS, 'close']))
    // The caller of `close` of a connection sets its time limit (OpenConnection).
    expect(methodsOf([Model])).toEqual(
      new Set(['constructor', 'close', 'updateSecret', 'createChannel', 'createConfirmChannel']),
    )
  })

  it('closes a channel without an answer if the broker answers on others', async () => {
    const { model, channels, dropped } = connection({ answers: true })
    const channel = await model.createChannel()

    await expect(channel.checkQueue('orders')).rejects.toThrow(
      'the broker did not answer checkQueue within 30 ms, although it answers on another channel',
    )
    await vi.waitFor(() => expect(channels.map(({ isClosed }) => isClosed)).toEqual([true, true]))
    expect(dropped).toEqual([])
  })

  it('drops a connection without answers', async () => {
    const { model, dropped, silence } = connection({ answers: true })
    const channel = await model.createChannel()
    silence()

    const error = await channel.consume('orders', () => undefined).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NoAnswerError)
    expect(String(error)).toContain('nor any other request on this connection')
    expect(dropped).toEqual([error])
  })

  it('waits while the broker blocks the connection', async () => {
    const { model, dropped } = connection({ answers: true })
    const channel = await model.createChannel()
    model.emit('blocked', 'low on memory')
    let isOver = false
    const asked = channel.checkQueue('orders').finally(() => (isOver = true))
    asked.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(isOver).toBe(false)

    model.emit('unblocked')
    await expect(asked).rejects.toThrow(NoAnswerError)
    expect(dropped).toEqual([])
  })
})

interface FakeChannel extends EventEmitter {
  isClosed: boolean
}

/** A connection whose channels open, and answer only to their close. */
function connection({ answers }: { answers: boolean }) {
  let isAnswering = answers
  const channels: FakeChannel[] = []
  const dropped: unknown[] = []
  const never = () => new Promise<never>(() => undefined)
  const createChannel = () => {
    if (!isAnswering) return never()
    const channel: FakeChannel = Object.assign(new EventEmitter(), {
      isClosed: false,
      checkQueue: never,
      consume: never,
      close: () => {
        channel.isClosed = true
        channel.emit('close')
        return Promise.resolve()
      },
    })
    channels.push(channel)
    return Promise.resolve(channel)
  }
  const model = Object.assign(new EventEmitter(), {
    createChannel,
    createConfirmChannel: createChannel,
    updateSecret: never,
    connection: { stream: { destroy: (error: unknown) => void dropped.push(error) } },
  }) as unknown as ChannelModel & EventEmitter
  limitAnswers(model, 30)
  return { model, channels, dropped, silence: () => (isAnswering = false) }
}
