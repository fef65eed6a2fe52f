import type { ConsumeMessage } from 'amqplib'
import { deliveryCounts } from './broker-counts.ts'
import type { CountedBy } from './broker-counts.ts'
import type { Clock } from '../clock.ts'
import { streamOffset } from './stream-position.ts'
import { countHeader, nameHeader, WarrenHeader } from '../../broker/amqp/messages/warren-headers.ts'

/** The stage of a delivery between its arrival and its settlement. */
export type Stage =
  /** Waits for a handler. */
  | 'waiting'
  | 'running'
  /** Its handler has failed; its copy is being published. */
  | 'failing'
  /** Its handler has failed and will run again after a pause. */
  | 'pausing'

/**
 * How a delivery ends. `requeue` is `basic.nack`. From RabbitMQ 4.3 on, it is not a failure of the message, and its
 * queue does not count it; `reject` is a failure and is counted. Before 4.3 both count. `deadLetter` is a
 * `basic.reject` without requeue.
 */
export type Settlement = 'ack' | 'requeue' | 'reject' | 'deadLetter'

/** The session that a delivery came from and is settled on. */
export interface DeliverySession {
  readonly clock: Clock
  /** Whether it reads a stream. */
  readonly isStream: boolean
  /** Whether deliveries can still be settled. */
  readonly isLive: boolean
  /** Whether the session is stopping; no more handlers start. */
  readonly isDraining: boolean
  /** Aborted when the session is over. */
  readonly over: AbortSignal
  /** Returns false if the delivery is already settled or lost. */
  settle(delivery: Delivery, how: Settlement): boolean
  /** Runs the handler of a delivery again. */
  runAgain(delivery: Delivery): void
}

/**
 * One delivery. It belongs to the session (the channel) that it came from. Delivery tags start again on the next
 * channel, where an old tag would settle another message. It is settled once; a second attempt does nothing.
 */
export class Delivery {
  readonly message: ConsumeMessage
  readonly queue: string
  readonly session: DeliverySession
  /** By the clock of its session, in milliseconds. */
  readonly receivedAt: number
  stage: Stage = 'waiting'
  /** Its payload from the payload store; the message itself is empty then. */
  payload: Buffer | undefined
  /** How often its handler has failed while this process held it. */
  failedHere = 0
  readonly #isCountedByBroker: boolean
  readonly #countedBy: CountedBy
  #controller: AbortController | undefined
  #abortReason: { readonly reason: unknown } | undefined

  /**
   * @param isCountedByBroker whether the attempts are counted by the queue (`mode: native`)
   * @param countedBy which headers the queue itself writes
   */
  constructor(
    message: ConsumeMessage,
    queue: string,
    session: DeliverySession,
    isCountedByBroker = false,
    countedBy: CountedBy = 'none',
  ) {
    this.#isCountedByBroker = isCountedByBroker
    this.#countedBy = countedBy
    this.message = message
    this.queue = queue
    this.session = session
    this.receivedAt = session.clock.now()
  }

  /** How long this process has held it, in milliseconds. */
  get heldFor(): number {
    return this.session.clock.now() - this.receivedAt
  }

  /** The body, from the message or from the payload store. */
  get content(): Buffer {
    return this.payload ?? this.message.content
  }

  get messageId(): string | undefined {
    const { messageId } = this.message.properties
    return typeof messageId === 'string' ? messageId : undefined
  }

  get correlationId(): string | undefined {
    const { correlationId } = this.message.properties
    return typeof correlationId === 'string' ? correlationId : undefined
  }

  /** When it was published, by the clock of its publisher, in whole seconds. */
  get timestamp(): Date | undefined {
    const { timestamp } = this.message.properties
    const time = typeof timestamp === 'number' ? new Date(timestamp * 1_000) : undefined
    return time && !Number.isNaN(time.getTime()) ? time : undefined
  }

  /** Its offset in the stream. Undefined for every other queue, because any publisher can set the header. */
  get offset(): number | undefined {
    return this.session.isStream ? streamOffset(this.message.properties.headers) : undefined
  }

  /** Retries before this delivery, from its headers. */
  get retries(): number {
    if (this.#isCountedByBroker) return deliveryCounts(this.message, this.#countedBy).failures
    return countHeader(this.message.properties.headers, WarrenHeader.attempt)
  }

  /** The number of this attempt; 1 is the first. */
  get attempt(): number {
    return 1 + this.retries + this.failedHere
  }

  /** How often the broker has delivered it without receiving an acknowledgement. Only quorum queues count. */
  get returns(): number {
    const { failures, returns } = deliveryCounts(this.message, this.#countedBy)
    // A requeued message counts as acquired. If the broker counts attempts, only failures count towards the limit.
    return this.#isCountedByBroker ? failures : returns
  }

  get exchange(): string {
    return nameHeader(this.message.properties.headers, WarrenHeader.exchange) ?? this.message.fields.exchange
  }

  get routingKey(): string {
    return nameHeader(this.message.properties.headers, WarrenHeader.routingKey) ?? this.message.fields.routingKey
  }

  /** Created on first use, since most handlers do not use it. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#abortReason) this.#controller.abort(this.#abortReason.reason)
    return this.#controller.signal
  }

  get isAborted(): boolean {
    return this.#abortReason !== undefined
  }

  abort(reason: unknown): void {
    this.#abortReason ??= { reason }
    this.#controller?.abort(this.#abortReason.reason)
  }

  /** Clears an abort before the handler runs again. */
  renew(): void {
    this.#controller = undefined
    this.#abortReason = undefined
    this.stage = 'waiting'
  }

  /** Acknowledges the message. Returns false if it is already settled or lost. */
  ack(): boolean {
    return this.session.settle(this, 'ack')
  }

  /**
   * Rejects the message as failed, so that the broker redelivers it. Returns false if it is already settled or lost.
   */
  reject(): boolean {
    return this.session.settle(this, 'reject')
  }

  /** Lets the broker dead-letter the message. Returns false if it is already settled or lost. */
  deadLetter(): boolean {
    return this.session.settle(this, 'deadLetter')
  }

  /** Requeues the message. Returns false if it is already settled or lost. */
  requeue(): boolean {
    return this.session.settle(this, 'requeue')
  }
}
