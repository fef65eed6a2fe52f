import type { ConfirmChannel as AmqpConfirmChannel } from 'amqplib'
import type { Confirmed, OutgoingMessage, PublishDeadline } from './outgoing-message.ts'
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import { openConfirmChannel } from '../../broker/amqp/connections/channels.ts'
import { maskError } from '../../model/secrets/mask-thrown.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { jitteredPause, RECONNECT } from '../connection/backoff.ts'
import { ConfirmChannel, Outgoing } from './confirm-channel.ts'
import { Deadlines } from './deadlines.ts'
import { type Existence, ExistenceCheck } from '../routes/existence.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { pause } from '../pause.ts'
import type { PublishError } from './publish-error.ts'
import { ClosedError } from '../connection/reconnecting-connection.ts'
import { WaitingLine } from './waiting-line.ts'

/** Publishes to any exchange of a vhost: one lane for each. */
export class Publisher {
  readonly #lanes = new Map<string, PublishLane>()
  readonly #connection: ReconnectingConnection
  readonly #window: PublishWindow
  readonly #secrets: SecretRegistry
  readonly #prepare: PrepareChannel | undefined
  #isClosed = false

  /**
   * @param secrets the secrets of the runtime, masked in errors
   * @param prepare called with each channel before messages are sent on it
   */
  constructor(
    connection: ReconnectingConnection,
    window: PublishWindow,
    secrets: SecretRegistry,
    prepare?: PrepareChannel,
  ) {
    this.#prepare = prepare
    this.#secrets = secrets
    this.#connection = connection
    this.#window = window
  }

  /** The largest frame that may be sent, in bytes. */
  get frameMax(): number {
    return this.#connection.current?.frameMax ?? Infinity
  }

  publish(exchange: string, message: OutgoingMessage, deadline: PublishDeadline): Promise<Confirmed> {
    let lane = this.#lanes.get(exchange)
    if (!lane) {
      lane = new PublishLane(exchange, this.#connection, this.#window, this.#secrets, this.#prepare)
      if (this.#isClosed) void lane.close()
      this.#lanes.set(exchange, lane)
    }
    return lane.publish(message, deadline)
  }

  /** Resolves when no caller is waiting. */
  async whenSettled(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.whenSettled()))
  }

  /** The number of messages whose callers are still waiting. */
  get unsettled(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.unsettled, 0)
  }

  /** Rejects unconfirmed messages. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()))
  }
}

/** Prepares a new channel of an exchange. */
export type PrepareChannel = (channel: AmqpConfirmChannel, exchange: string) => Promise<void>

/** The limits of unconfirmed messages. */
export interface PublishWindow {
  /** Unconfirmed messages. */
  readonly messages: number
  /** Unconfirmed bytes; a larger message is sent alone. */
  readonly bytes: number
}

/**
 * The maximum number of waiting messages, so that a program that does not await its publishes cannot fill the memory.
 */
const WAITING: PublishWindow = { messages: 100_000, bytes: 64 * 1024 * 1024 }

/**
 * Publishes to one exchange, with a confirm channel that is opened when needed and reopened after a loss, a window of
 * unconfirmed messages, and a queue of messages that wait for a free slot.
 *
 * Every exchange has its own lane: if the exchange is missing or forbidden, the broker closes the channel, and the
 * outcome of all unconfirmed messages on it is unknown.
 */
export class PublishLane {
  readonly #exchange: string
  readonly #connection: ReconnectingConnection
  readonly #window: PublishWindow
  readonly #secrets: SecretRegistry
  readonly #prepare: PrepareChannel | undefined
  readonly #waiting = new WaitingLine<Outgoing>()
  readonly #gaveUp = (outgoing: Outgoing, cause?: unknown): void => this.#giveUp(outgoing, cause)
  readonly #deadlines = new Deadlines<Outgoing>((outgoing) => {
    outgoing.expired()
    this.#giveUp(outgoing, undefined)
  })
  #waitingBytes = 0
  #channel: ConfirmChannel | undefined
  #isOpening = false
  #isClosed = false
  #unsettled = 0
  #whenSettled: (() => void)[] = []
  readonly #settled = (): void => {
    if (--this.#unsettled === 0) for (const resolve of this.#whenSettled.splice(0)) resolve()
  }

  constructor(
    exchange: string,
    connection: ReconnectingConnection,
    window: PublishWindow,
    secrets = new SecretRegistry(),
    prepare?: PrepareChannel,
  ) {
    this.#prepare = prepare
    this.#secrets = secrets
    this.#exchange = exchange
    this.#connection = connection
    this.#window = window
    connection.onWritable(() => this.#sendWaiting())
  }

  /** Sends a message, now or when the window has a free slot, and resolves when the broker has confirmed it. */
  publish(message: OutgoingMessage, deadline: PublishDeadline): Promise<Confirmed> {
    return new Promise((resolve, reject) => {
      this.#unsettled++
      const fail = (error: PublishError): void => reject(maskError(error, this.#secrets))
      const outgoing = new Outgoing(this.#exchange, message, resolve, fail, this.#settled)
      if (this.#isClosed) return outgoing.fail('invalid', 'the runtime is closed')
      if (deadline.signal?.aborted) return this.#giveUp(outgoing, deadline.signal.reason)

      outgoing.limit(deadline, this.#deadlines, this.#gaveUp)
      if (this.#waiting.length === 0 && this.#hasRoomFor(outgoing)) this.#send(outgoing)
      else this.#wait(outgoing)
    })
  }

  /** The number of messages whose callers are still waiting. */
  get unsettled(): number {
    return this.#unsettled
  }

  /** Resolves when no caller is waiting. */
  async whenSettled(): Promise<void> {
    if (this.#unsettled > 0) await new Promise<void>((resolve) => this.#whenSettled.push(resolve))
  }

  /** Closes the lane, and rejects unconfirmed messages. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#rejectWaiting((outgoing) => outgoing.fail('timeout', 'the runtime was closed before the message was sent'))
    const channel = this.#channel
    this.#channel = undefined
    await channel?.close()
  }

  #hasRoomFor({ message }: Outgoing): boolean {
    const channel = this.#channel
    if (!channel || !this.#connection.isWritable) return false
    if (channel.unconfirmed === 0) return true
    return (
      channel.unconfirmed < this.#window.messages &&
      channel.unconfirmedBytes + message.content.length <= this.#window.bytes
    )
  }

  #send(outgoing: Outgoing): void {
    if (this.#channel?.send(outgoing)) return
    // The channel is closed, but its event has not arrived yet. The message stays in front of later ones.
    this.#channel = undefined
    this.#waiting.joinFirst(outgoing)
    this.#waitingBytes += outgoing.message.content.length
    void this.#open()
  }

  #wait(outgoing: Outgoing): void {
    const size = outgoing.message.content.length
    if (
      this.#waiting.length >= WAITING.messages ||
      (this.#waitingBytes > 0 && this.#waitingBytes + size > WAITING.bytes)
    ) {
      return outgoing.fail(
        'blocked',
        `${this.#waiting.length} messages wait for the exchange "${this.#exchange}" already`,
        {
          hint: 'await publish() before publishing more; the broker confirms more slowly than the program publishes',
        },
      )
    }
    this.#waiting.join(outgoing)
    this.#waitingBytes += size
    if (!this.#channel) void this.#open()
  }

  #leave(outgoing: Outgoing): void {
    this.#waiting.leave(outgoing)
    this.#waitingBytes -= outgoing.message.content.length
  }

  #giveUp(outgoing: Outgoing, cause: unknown): void {
    if (outgoing.sent) {
      return outgoing.fail('timeout', 'the broker has not confirmed the message in time', { cause })
    }
    if (outgoing.isOpen && (outgoing.ahead || this.#waiting.first === outgoing)) this.#leave(outgoing)
    if (this.#connection.current?.blocked !== undefined) {
      return outgoing.fail('blocked', 'the broker accepts no messages (memory or disk alarm)', { cause })
    }
    const why = this.#connection.current ? 'the window of unconfirmed messages was full' : 'the broker is not connected'
    outgoing.fail('timeout', `the message could not be sent in time: ${why}`, { cause })
  }

  #sendWaiting(): void {
    for (let next = this.#waiting.first; next && this.#hasRoomFor(next); next = this.#waiting.first) {
      this.#leave(next)
      this.#send(next)
    }
    if (this.#waiting.length > 0 && !this.#channel) void this.#open()
  }

  #rejectWaiting(reject: (outgoing: Outgoing) => void): void {
    for (let next = this.#waiting.first; next; next = this.#waiting.first) {
      this.#leave(next)
      reject(next)
    }
  }

  async #open(): Promise<void> {
    if (this.#isOpening || this.#isClosed) return
    this.#isOpening = true
    for (let tries = 0; this.#waiting.length > 0 && !this.#channel && !this.#isClosed; tries++) {
      try {
        const connection = await this.#connection.ready()
        const existence = await this.#existenceOn(connection)
        if (existence === 'missing') {
          this.#rejectWaiting((outgoing) =>
            outgoing.fail('unroutable', `the exchange "${this.#exchange}" does not exist`, MISSING),
          )
          break
        }
        const channel = await openConfirmChannel(connection.model)
        await this.#prepare?.(channel, this.#exchange)
        this.#attach(new ConfirmChannel(this.#exchange, channel, connection))
      } catch (error) {
        if (error instanceof ClosedError) break
        // The waiting messages have their own timers, which keep the process alive as long as needed.
        await pause(jitteredPause(RECONNECT, tries), undefined, false)
      }
    }
    this.#isOpening = false
    this.#sendWaiting()
  }

  async #existenceOn({ model }: OpenConnection): Promise<Existence> {
    const check = new ExistenceCheck(model)
    try {
      return await check.of({ kind: 'exchange', name: this.#exchange })
    } finally {
      await check.close()
    }
  }

  #attach(channel: ConfirmChannel): void {
    this.#channel = channel
    channel.onConfirm = () => {
      if (this.#waiting.length > 0) this.#sendWaiting()
    }
    channel.onGone = () => {
      if (this.#channel === channel) this.#channel = undefined
      this.#sendWaiting()
    }
  }
}

const MISSING = { hint: 'the runtime never declares: run `warren apply` with this topology first' }
