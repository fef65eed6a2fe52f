import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { replyCode } from '../../../diagnostics/broker-reason.ts'
import { address } from '../../../model/address.ts'
import { closeChannel, quietChannel, quietConfirmChannel } from '../connections/amqp.ts'
import { isNoAnswer } from '../connections/answer-limit.ts'
import { ConfirmWatch } from './confirm-watch.ts'
import { copiedProperties } from './copied-properties.ts'
import { MoveError } from './move-error.ts'
import type { OpenConnection } from '../connections/open-connection.ts'

export interface MoveOrder {
  readonly vhost: string
  /** Classic or quorum. */
  readonly from: string
  readonly to: string
  /** Stops once so many were moved; what was received by then, at most `MOVE_WINDOW` messages, is moved too. */
  readonly atMost?: number
  /** When aborted, what was received is still moved, and nothing more is taken. */
  readonly signal?: AbortSignal
  /** Told of each message when it has arrived, with its `messageId` if it has one. */
  readonly onMoved?: (messageId: string | undefined) => void
  /** Told every ten seconds what is waited for while the broker confirms nothing. */
  readonly onProgress?: (text: string) => void
}

export interface Moved {
  readonly moved: number
  /**
   * Why it ended: nothing was ready any more; `atMost`; the signal; or the broker gives the messages to another consumer
   * (the active one of a queue with `singleActiveConsumer`).
   */
  readonly because: 'empty' | 'at-most' | 'signal' | 'not-served'
  /** Those whose `expiration` was left out: they do not expire any more. */
  readonly expirations: number
}

/** How many messages may be under way at once: received, and not yet acknowledged. */
export const MOVE_WINDOW = 100
/** The broker serves consumers of a higher priority first; 0 is the default. */
const PRIORITY = 10
/** How often it is looked whether all is done, in milliseconds. */
const TICK = 50
/** A queue that gave nothing for so long is asked whether it is empty. */
const QUIET = 200
/** After so long without a delivery from a queue that is not empty, the messages go to somebody else. */
const NOT_SERVED = 5_000

/**
 * One run of `moveMessages`, on fresh channels: a channel that has read from a queue before its type changed is closed
 * by the broker (541).
 */
export class MessageMover {
  readonly #connection: OpenConnection
  readonly #order: MoveOrder
  readonly #watch: ConfirmWatch
  #moved = 0
  #expirations = 0
  /** Received, and not acknowledged. */
  #underWay = 0
  /** Received, and not confirmed by the other queue. */
  #unconfirmed = 0
  /** Arrived, and kept unacknowledged so that the broker delivers nothing more; undefined while more is wanted. */
  #arrived: ConsumeMessage[] | undefined
  #lastEvent = performance.now()
  #failure: { readonly reason: unknown; readonly hint?: string } | undefined
  #wake: () => void = () => undefined

  constructor(connection: OpenConnection, order: MoveOrder) {
    this.#connection = connection
    this.#order = order
    this.#watch = new ConfirmWatch(connection, this.#address(order.to), {
      onWaiting: order.onProgress,
      onSilent: (reason) => this.#fail(reason),
    })
  }

  async run(): Promise<Moved> {
    const channels: Channel[] = []
    try {
      const source = await quietChannel(this.#connection.model)
      channels.push(source)
      const target = await quietConfirmChannel(this.#connection.model)
      channels.push(target)
      return await this.#run(source, target)
    } catch (error) {
      // A channel that got no answer may never close, and would keep what was delivered on it.
      const failed = error instanceof MoveError ? error : this.#error(error)
      if (isNoAnswer(failed)) await this.#connection.drop(failed)
      // As in #stop: the acknowledgements of what has arrived are still on their way to a quorum queue.
      else if (!this.#connection.gone.aborted) await sleep(QUIET)
      throw failed
    } finally {
      this.#watch[Symbol.dispose]()
      // The source last: what was acknowledged has reached the broker when it has answered the close.
      for (const channel of channels.toReversed()) await closeChannel(channel)
    }
  }

  async #run(source: Channel, target: ConfirmChannel): Promise<Moved> {
    this.#listen(source, target)
    await source.prefetch(MOVE_WINDOW)
    const receive = (message: ConsumeMessage | null): void => this.#received(message, source, target)
    const { consumerTag } = await source.consume(this.#order.from, receive, { priority: PRIORITY })
    const because = await this.#untilDone(source)
    await this.#stop(source, consumerTag)
    return { moved: this.#moved, because, expirations: this.#expirations }
  }

  #listen(source: Channel, target: ConfirmChannel): void {
    for (const channel of [source, target]) {
      channel.on('error', (error: Error) => this.#fail(error))
      channel.on('close', () => this.#fail(this.#connection.gone.reason ?? new Error('the channel was closed')))
    }
    // The broker returns a message before it confirms it. Whatever it confirms from now on is left where it was.
    target.on('return', () =>
      this.#fail(new Error(`no queue has taken a message: there is no ${this.#address(this.#order.to)} any more`)),
    )
  }

  #received(message: ConsumeMessage | null, source: Channel, target: ConfirmChannel): void {
    this.#lastEvent = performance.now()
    if (message === null) {
      return this.#fail(new Error(`the broker has ended the delivery: ${this.#address(this.#order.from)} was deleted`))
    }
    if (this.#failure) return
    this.#underWay += 1
    this.#unconfirmed += 1
    try {
      target.publish(
        '',
        this.#order.to,
        message.content,
        { ...copiedProperties(message.properties), mandatory: true },
        (error: Error | null) => this.#answered(message, source, error),
      )
      this.#watch.published()
    } catch (error) {
      this.#fail(error)
    }
  }

  #answered(message: ConsumeMessage, source: Channel, error: Error | null): void {
    this.#watch.answered()
    this.#lastEvent = performance.now()
    if (this.#failure) return
    if (error) {
      const hint = `see whether ${this.#address(this.#order.to)} is full, and run it again`
      return this.#fail(error, error.message === 'message nacked' ? hint : undefined)
    }
    this.#unconfirmed -= 1
    if (this.#arrived) return void this.#arrived.push(message)
    source.ack(message)
    this.#count(message)
    if (this.#moved === this.#order.atMost) {
      this.#arrived = []
      this.#wake()
    }
  }

  #count({ properties }: ConsumeMessage): void {
    this.#underWay -= 1
    this.#moved += 1
    if (properties.expiration !== undefined) this.#expirations += 1
    this.#order.onMoved?.(properties.messageId as string | undefined)
  }

  #fail(reason: unknown, hint?: string): void {
    this.#failure ??= { reason, ...(hint !== undefined && { hint }) }
    this.#wake()
  }

  /** Waits until nothing more is to be taken. */
  async #untilDone(source: Channel): Promise<Moved['because']> {
    for (;;) {
      this.#throwIfFailed()
      if (this.#order.signal?.aborted) return 'signal'
      if (this.#moved >= (this.#order.atMost ?? Infinity)) return 'at-most'
      const quiet = performance.now() - this.#lastEvent
      if (this.#underWay === 0 && quiet > QUIET) {
        const { messageCount } = await source.checkQueue(this.#order.from)
        if (messageCount === 0 && this.#underWay === 0) return 'empty'
        if (performance.now() - this.#lastEvent > NOT_SERVED) return 'not-served'
      }
      await this.#tick()
    }
  }

  /**
   * Ends the delivery. What is on its way while a consumer is cancelled never reaches it, and the broker puts it back,
   * on 3.10 at the end of the queue; so it is first made to have nothing on its way, by acknowledging nothing more.
   */
  async #stop(source: Channel, consumerTag: string): Promise<void> {
    const arrived = (this.#arrived ??= [])
    this.#lastEvent = performance.now()
    while (this.#underWay < MOVE_WINDOW && performance.now() - this.#lastEvent < QUIET) await this.#tick()
    this.#throwIfFailed()
    await source.cancel(consumerTag)
    while (this.#unconfirmed > 0) {
      this.#throwIfFailed()
      await this.#tick()
    }
    this.#throwIfFailed()
    const last = arrived.reduce<ConsumeMessage | undefined>(later, undefined)
    // At once, and a moment before the channel closes: the client side of a quorum queue sends acknowledgements on a
    // few at a time, and forgets the rest of them with its channel (rabbit_fifo_client).
    if (last) source.ack(last, true)
    for (const message of arrived) this.#count(message)
    await sleep(QUIET)
    this.#throwIfFailed()
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#error(this.#failure.reason, this.#failure.hint)
  }

  async #tick(): Promise<void> {
    await Promise.race([sleep(TICK), new Promise<void>((resolve) => (this.#wake = resolve))])
  }

  #error(thrown: unknown, hint?: string): MoveError {
    const { from, to } = this.#order
    // A channel that was lost with its connection says less than that.
    const reason: unknown = replyCode(thrown) === undefined ? (this.#connection.gone.reason ?? thrown) : thrown
    return new MoveError(`moving messages from ${this.#address(from)} to ${this.#address(to)} failed`, {
      moved: this.#moved,
      // Acknowledgements may be lost with the connection, beside those that were not sent yet.
      inBoth: this.#moved + this.#underWay === 0 ? 0 : MOVE_WINDOW,
      reason,
      hint: hint ?? (replyCode(reason) === 403 ? this.#whoseRights(reason) : undefined),
    })
  }

  #whoseRights(reason: unknown): string {
    const exclusive = reason instanceof Error && /exclusive use/.test(reason.message)
    return exclusive
      ? `stop the exclusive consumer of ${this.#address(this.#order.from)}, and run it again`
      : 'the login needs the right to read the one and to write to amq.default'
  }

  #address(queue: string): string {
    return address('queue', this.#order.vhost, queue)
  }
}

function later(one: ConsumeMessage | undefined, other: ConsumeMessage): ConsumeMessage {
  return one && one.fields.deliveryTag > other.fields.deliveryTag ? one : other
}
