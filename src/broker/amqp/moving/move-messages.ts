import { replyCode } from '../../../diagnostics/broker-reason.ts'
import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { address } from '../../../model/address.ts'
import { closeChannel, openChannel, openConfirmChannel } from '../connections/channels.ts'
import { isNoAnswer } from '../connections/answer-limit.ts'
import { ConfirmWatch } from './confirm-watch.ts'
import { DRAIN_PRIORITY, DrainWatch, QUIET } from './drain-watch.ts'
import { InFlight, type InFlightMessage } from './in-flight.ts'
import { MoveError } from './move-error.ts'
import { copiedProperties } from '../messages/copied-properties.ts'
import type { OpenConnection } from '../connections/open-connection.ts'
import type { Amqp } from '../connections/amqp.ts'

export interface MoveOrder {
  readonly vhost: string
  readonly from: string
  /** The type of `from`. Default: unknown */
  readonly type?: 'classic' | 'quorum'
  /**
   * True if the broker is a single node: its answer to a request then follows all earlier deliveries, so that the move
   * need not wait for late ones. Default false.
   */
  readonly isSingleNode?: boolean
  readonly to: string
  /** Stops after this many moved messages; messages received by then, at most `MOVE_WINDOW`, are moved too. */
  readonly atMost?: number
  /** When aborted, already received messages are moved, but no more are received. */
  readonly signal?: AbortSignal
  /** Called for each moved message, with its `messageId` if it has one. */
  readonly onMoved?: (messageId: string | undefined) => void
  /** Called every ten seconds while the broker confirms nothing. */
  readonly onProgress?: (text: string) => void
}

export interface Moved {
  readonly moved: number
  /**
   * Why the move ended: the queue is empty; `atMost`; the signal; or the broker delivers the messages to another consumer
   * (the active one of a queue with `singleActiveConsumer`).
   */
  readonly because: 'empty' | 'at-most' | 'signal' | 'not-served'
  /** Messages whose `expiration` was left out: they no longer expire. */
  readonly expirations: number
}

/** The maximum number of messages in flight: received, and not yet acknowledged. */
export const MOVE_WINDOW = 100
/** How often to check whether everything is done, in milliseconds. */
const TICK = 50
/** The pause between two checks whether a queue has processed the acknowledgements, in milliseconds. */
const ACKNOWLEDGED_PAUSE = 10

/**
 * One run of `moveMessages`, on new channels: the broker closes a channel that read from a queue before its type changed
 * (541).
 */
export class MessageMover {
  readonly #connection: OpenConnection
  readonly #order: MoveOrder
  readonly #watch: ConfirmWatch
  #moved = 0
  #expirations = 0
  readonly #inFlight = new InFlight()
  /** Whether no more messages are wanted: confirmed ones stay unacknowledged, so that the broker delivers no more. */
  #isEnding = false
  #acknowledging: NodeJS.Immediate | undefined
  #drain: DrainWatch | undefined
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
      const source = await openChannel(this.#connection.model)
      channels.push(source)
      const target = await openConfirmChannel(this.#connection.model)
      channels.push(target)
      return await this.#run(source, target)
    } catch (error) {
      // A channel without an answer might never close, and would keep its deliveries.
      const failed = error instanceof MoveError ? error : this.#error(error)
      if (isNoAnswer(failed)) await this.#connection.drop(failed)
      // As in #stop: acknowledgements may still be on their way to a quorum queue.
      else if (!this.#connection.gone.aborted) await sleep(QUIET)
      throw failed
    } finally {
      this.#watch[Symbol.dispose]()
      clearImmediate(this.#acknowledging)
      // The source channel is closed last: when the broker answers, it has received all acknowledgements.
      for (const channel of channels.toReversed()) await closeChannel(channel)
    }
  }

  async #run(source: Channel, target: ConfirmChannel): Promise<Moved> {
    const drain = (this.#drain = new DrainWatch(source, this.#order.from))
    this.#listen(source, target)
    await source.prefetch(MOVE_WINDOW)
    const receive = (message: ConsumeMessage | null): void => this.#receive(message, source, target)
    const { consumerTag } = await source.consume(this.#order.from, receive, { priority: DRAIN_PRIORITY })
    const because = await this.#untilDone(drain)
    await this.#stop(source, consumerTag, drain)
    return { moved: this.#moved, because, expirations: this.#expirations }
  }

  #listen(source: Channel, target: ConfirmChannel): void {
    for (const channel of [source, target]) {
      channel.on('error', (error: Error) => this.#fail(error))
      channel.on('close', () => this.#fail(this.#connection.gone.reason ?? new Error('the channel was closed')))
    }
    // The broker returns a message before it confirms it. Messages that it confirms from now on stay in the source.
    target.on('return', () => {
      this.#acknowledgeConfirmed(source)
      this.#fail(new Error(`a message was returned: ${this.#address(this.#order.to)} no longer exists`))
    })
  }

  #receive(message: ConsumeMessage | null, source: Channel, target: ConfirmChannel): void {
    this.#drain?.noteEvent()
    if (message === null) {
      return this.#fail(new Error(`the broker cancelled the consumer: ${this.#address(this.#order.from)} was deleted`))
    }
    if (this.#failure) return
    const each = this.#inFlight.add(message)
    try {
      const properties = { ...copiedProperties(message.properties), mandatory: true }
      target.publish('', this.#order.to, message.content, properties, (error: Error | null) =>
        this.#answered(each, source, error),
      )
      this.#watch.published()
    } catch (error) {
      this.#fail(error)
    }
  }

  #answered(each: InFlightMessage, source: Channel, error: Error | null): void {
    this.#watch.answered()
    this.#drain?.noteEvent()
    if (this.#failure) return
    if (error) {
      this.#acknowledgeConfirmed(source)
      const hint = `check whether ${this.#address(this.#order.to)} is full, and run the command again`
      return this.#fail(error, error.message === 'message nacked' ? hint : undefined)
    }
    this.#inFlight.confirm(each)
    if (this.#inFlight.unconfirmed === 0) this.#wake()
    // Confirms arrive in groups: one acknowledgement for each group saves the broker a command per message.
    if (!this.#isEnding) this.#acknowledging ??= setImmediate(() => this.#acknowledgeConfirmed(source))
  }

  #acknowledgeConfirmed(source: Channel): void {
    this.#acknowledging = undefined
    if (this.#failure || this.#isEnding) return
    this.#acknowledge(source, (this.#order.atMost ?? Infinity) - this.#moved)
    if (this.#moved !== this.#order.atMost) return
    this.#isEnding = true
    this.#wake()
  }

  /** Acknowledges messages that the other queue has, with a single frame. */
  #acknowledge(source: Channel, atMost: number): void {
    const acknowledged = this.#inFlight.takeConfirmed(atMost)
    const last = acknowledged.at(-1)
    if (last === undefined) return
    try {
      source.ack(last, true)
    } catch (error) {
      return this.#fail(error)
    }
    for (const message of acknowledged) this.#count(message)
  }

  #count({ properties }: ConsumeMessage): void {
    this.#moved += 1
    if (properties.expiration !== undefined) this.#expirations += 1
    this.#order.onMoved?.(properties.messageId as string | undefined)
  }

  #fail(reason: unknown, hint?: string): void {
    this.#failure ??= { reason, ...(hint !== undefined && { hint }) }
    this.#wake()
  }

  /** Waits until no more messages need to be received. */
  async #untilDone(drain: DrainWatch): Promise<Moved['because']> {
    for (;;) {
      this.#throwIfFailed()
      if (this.#order.signal?.aborted) return 'signal'
      if (this.#moved >= (this.#order.atMost ?? Infinity)) return 'at-most'
      if (this.#inFlight.length === 0) {
        const because = await drain.whyOver()
        // A message may have arrived during the request.
        if (because !== undefined && this.#inFlight.length === 0) return because
      }
      await this.#tick()
    }
  }

  /**
   * Stops receiving. If a consumer is being cancelled, a message in flight to it never arrives, and the broker
   * requeues it, on 3.10 at the end of the queue. So acknowledgements are withheld first, until no message is in
   * flight.
   */
  async #stop(source: Channel, consumerTag: string, drain: DrainWatch): Promise<void> {
    this.#isEnding = true
    drain.noteEvent()
    while (this.#inFlight.length < MOVE_WINDOW && drain.quietFor < QUIET && !(await this.#hasAll(source))) {
      await this.#tick()
    }
    this.#throwIfFailed()
    await source.cancel(consumerTag)
    for (; this.#inFlight.unconfirmed > 0; await this.#tick()) this.#throwIfFailed()
    this.#throwIfFailed()
    // Sent as a single acknowledgement, some time before the channel closes.
    this.#acknowledge(source, Infinity)
    await this.#untilAcknowledged(source)
    this.#throwIfFailed()
  }

  /**
   * Whether no message is in flight to the consumer. On a single node, a queue delivers a message before it answers
   * that it has none left, and the channel passes it on before it answers the next request.
   */
  async #hasAll(source: Channel): Promise<boolean> {
    if (this.#order.isSingleNode !== true) return false
    const received = this.#inFlight.received
    if ((await source.checkQueue(this.#order.from)).messageCount > 0) return false
    await source.checkQueue(this.#order.from)
    return this.#inFlight.received === received
  }

  /**
   * Waits until the queue has processed the acknowledgements. The client side of a quorum queue forwards them in small
   * batches, and drops the rest together with its channel (rabbit_fifo_client). The queue counts a cancelled consumer
   * until all of its messages are acknowledged. A classic queue processes them before the channel closes.
   */
  async #untilAcknowledged(source: Channel): Promise<void> {
    const { from, type } = this.#order
    if (type === 'classic') return
    const end = performance.now() + QUIET
    while (performance.now() < end) {
      if ((await source.checkQueue(from)).consumerCount === 0) return
      await sleep(ACKNOWLEDGED_PAUSE)
    }
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#error(this.#failure.reason, this.#failure.hint)
  }

  async #tick(): Promise<void> {
    await Promise.race([sleep(TICK), new Promise<void>((resolve) => (this.#wake = resolve))])
  }

  #error(thrown: unknown, hint?: string): MoveError {
    const { from, to } = this.#order
    // The reason of a lost connection says more than those of its channels.
    const reason: unknown = replyCode(thrown) === undefined ? (this.#connection.gone.reason ?? thrown) : thrown
    return new MoveError(`moving messages from ${this.#address(from)} to ${this.#address(to)} failed`, {
      moved: this.#moved,
      // Acknowledgements that were already sent may be lost with the connection too.
      inBoth: this.#moved + this.#inFlight.length === 0 ? 0 : MOVE_WINDOW,
      reason,
      hint: hint ?? (replyCode(reason) === 403 ? this.#whoseRights(reason) : undefined),
    })
  }

  #whoseRights(reason: unknown): string {
    const exclusive = reason instanceof Error && /exclusive use/.test(reason.message)
    return exclusive
      ? `stop the exclusive consumer of ${this.#address(this.#order.from)}, and run the command again`
      : 'the login needs read on the one queue and write on amq.default'
  }

  #address(queue: string): string {
    return address('queue', this.#order.vhost, queue)
  }
}

/**
 * Moves the ready messages of one queue to another, in order, until the queue is empty.
 *
 * Each message is published to the default exchange with `mandatory`, and acknowledged only after the broker has
 * confirmed that it is in the other queue. If the move is interrupted, no message is lost, and at most `MOVE_WINDOW`
 * messages are in both queues.
 *
 * @throws {MoveError} when the broker refuses something, or the connection is lost; it says how many were moved
 */
export async function moveMessages(amqp: Amqp, order: MoveOrder): Promise<Moved> {
  return new MessageMover(await amqp.opened(order.vhost), order).run()
}
