import { IllegalOperationError } from 'amqplib'
import type { Options } from 'amqplib'
import { EventEmitter } from 'node:events'
import type { ReconnectingConnection } from '../../src/runtime/connection/reconnecting-connection.ts'

type Answer = (error: Error | null) => void

interface Sent {
  readonly routingKey: string
  readonly properties: Options.Publish
  answer: Answer | undefined
}

/** A confirm channel without a broker, which gives the answers of the test in the order of amqplib. */
export class FakeConfirmChannel extends EventEmitter {
  readonly sent: Sent[] = []
  readonly #isBufferFull: () => boolean
  /** amqplib already refuses to send before it emits that the channel is closed. */
  isClosed = false

  constructor(isBufferFull: () => boolean) {
    super()
    this.#isBufferFull = isBufferFull
    this.on('close', () => {
      for (const each of this.sent) this.#answer(each, new Error('channel closed'))
    })
  }

  publish(
    _exchange: string,
    routingKey: string,
    _content: Buffer,
    properties: Options.Publish,
    answer: Answer,
  ): boolean {
    if (this.isClosed) throw new IllegalOperationError('Channel closed', '')
    this.sent.push({ routingKey, properties, answer })
    return !this.#isBufferFull()
  }

  confirm(index: number): void {
    this.#answer(this.sent[index], null)
  }

  refuse(index: number): void {
    this.#answer(this.sent[index], new Error('message nacked'))
  }

  giveBack(index: number): void {
    const sent = this.sent[index]
    this.emit('return', { properties: sent?.properties, fields: { routingKey: sent?.routingKey } })
  }

  /** The broker closes the channel; without a code, the connection is lost. */
  die(code?: number, reason = 'gone'): void {
    if (code !== undefined) this.emit('error', Object.assign(new Error(`${code} with message "${reason}"`), { code }))
    this.isClosed = true
    this.emit('close')
  }

  async close(): Promise<void> {
    await Promise.resolve()
    this.isClosed = true
    this.emit('close')
  }

  #answer(sent: Sent | undefined, error: Error | null): void {
    const answer = sent?.answer
    if (!sent || !answer) return
    sent.answer = undefined
    answer(error)
  }
}

/** A connection without a broker. */
export class FakeConnection {
  readonly channels: FakeConfirmChannel[] = []
  /** Exchanges that do not exist. */
  readonly missing = new Set<string>()
  isBufferFull = false
  readonly #open = {
    blocked: undefined as string | undefined,
    answerLimit: 30_000,
    model: {
      createChannel: () => Promise.resolve(this.#checkChannel()),
      createConfirmChannel: () => {
        const channel = new FakeConfirmChannel(() => this.isBufferFull)
        this.channels.push(channel)
        return Promise.resolve(channel)
      },
    },
  }
  readonly #listeners: (() => void)[] = []
  #waiters: (() => void)[] = []
  #isUp = true

  /** The type that the code under test expects. */
  get asConnection(): ReconnectingConnection {
    return this as unknown as ReconnectingConnection
  }

  get current(): unknown {
    return this.#isUp ? this.#open : undefined
  }

  get isWritable(): boolean {
    return this.#isUp && this.#open.blocked === undefined
  }

  onWritable(listener: () => void): void {
    this.#listeners.push(listener)
  }

  async ready(): Promise<unknown> {
    if (!this.#isUp) await new Promise<void>((resolve) => this.#waiters.push(resolve))
    return this.#open
  }

  block(): void {
    this.#open.blocked = 'low on memory'
  }

  unblock(): void {
    this.#open.blocked = undefined
    for (const listener of this.#listeners) listener()
  }

  goDown(): void {
    this.#isUp = false
  }

  comeUp(): void {
    this.#isUp = true
    for (const resolve of this.#waiters.splice(0)) resolve()
    for (const listener of this.#listeners) listener()
  }

  #checkChannel(): object {
    return Object.assign(new EventEmitter(), {
      checkExchange: (name: string) =>
        this.missing.has(name)
          ? Promise.reject(Object.assign(new Error('no exchange'), { code: 404 }))
          : Promise.resolve({}),
      close: () => Promise.resolve(),
    })
  }
}
