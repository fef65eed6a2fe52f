import { withCode } from '../../diagnostics/error-code.ts'
import type { Channel, ConsumeMessage } from 'amqplib'
import { setMaxListeners } from 'node:events'
import { brokerReason } from '../../diagnostics/broker-reason.ts'
import { countedBy } from './broker-counts.ts'
import type { CountedBy } from './broker-counts.ts'
import { systemClock } from '../clock.ts'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import { HandlerSlots } from './handler-slots.ts'
import { Delivery } from './delivery.ts'
import type { DeliverySession, Settlement } from './delivery.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { pause } from '../pause.ts'
import type { RateLimit } from '../../broker/amqp/rate-limit.ts'
import type { StreamPosition } from './stream-position.ts'

/** The settings of a session. */
export interface SessionPlan {
  readonly queue: string
  readonly prefetch: number
  readonly concurrency: number
  readonly rate: RateLimit | undefined
  /** Whether the queue counts the attempts (`mode: native`), instead of the headers of copies. */
  readonly isCountedByBroker: boolean
  /** Undefined if the topology does not specify it. */
  readonly queueType: string | undefined
  /** For a stream. */
  readonly position: StreamPosition | undefined
  /** Starts the handler of a delivery, and calls `release` when the handler has ended. */
  readonly start: (delivery: Delivery, release: () => void) => void
}

/** The outcome of the deliveries of a session that was stopped. */
export interface DrainResult {
  /** Settled within the given time. */
  readonly finished: number
  /** Requeued before their handlers started. */
  readonly requeued: number
  /** Still running at the deadline; the broker redelivers them. */
  readonly aborted: number
}

/** Adds up the results of several consumers. */
export function drained(results: readonly DrainResult[]): DrainResult {
  const sum = (outcome: keyof DrainResult) => results.reduce((total, result) => total + result[outcome], 0)
  return { finished: sum('finished'), requeued: sum('requeued'), aborted: sum('aborted') }
}

/** The reason of a session that lost its channel without an error. */
export const CONNECTION_LOST = 'the connection was lost'

/** How long handlers may take to notice that they were aborted, in milliseconds. */
const GRACE = 250

/**
 * One channel that consumes one queue, from its opening until it is lost, cancelled or drained.
 * A delivery is settled on the session that it came from, or not at all.
 */
export class ConsumeSession implements DeliverySession {
  readonly clock = systemClock
  /** Resolves with the reason when the session ends without being drained. */
  readonly lost: Promise<string>
  readonly #channel: Channel
  readonly #plan: SessionPlan
  readonly #countedBy: CountedBy
  readonly #slots: HandlerSlots
  readonly #unsettled = new Set<Delivery>()
  readonly #over = new AbortController()
  #consumerTag = ''
  #isDraining = false
  /** Settlements since the drain began. */
  readonly #drained = { ack: 0, requeue: 0 }
  #lose: (reason: string) => void = () => undefined
  #onSettled: () => void = () => undefined

  /**
   * Opens the channel and consumes. Deliveries wait until `begin()`, so that the first handler finds a consumer that can be
   * stopped. Rejects with the broker's answer when the broker refuses the consumer.
   */
  static async open(connection: OpenConnection, plan: SessionPlan): Promise<ConsumeSession> {
    const channel = await openChannel(connection.model)
    const session = new ConsumeSession(channel, plan, countedBy(plan.queueType, connection.brokerVersion))
    await channel.prefetch(plan.prefetch)
    const begin = plan.position?.begin()
    const { consumerTag } = await channel.consume(plan.queue, (message) => session.#receive(message), {
      ...(begin !== undefined && { arguments: { 'x-stream-offset': begin } }),
    })
    session.#consumerTag = consumerTag
    return session
  }

  private constructor(channel: Channel, plan: SessionPlan, counted: CountedBy) {
    this.#channel = channel
    this.#plan = plan
    this.#countedBy = counted
    this.#slots = new HandlerSlots(plan.concurrency, plan.rate, (delivery) =>
      plan.start(delivery, () => this.#slots.release()),
    )
    this.lost = new Promise((resolve) => (this.#lose = resolve))
    // Each held delivery may add a listener, up to the prefetch.
    setMaxListeners(0, this.#over.signal)
    let cause: unknown
    channel.on('error', (error: Error) => (cause = error))
    channel.on('close', () => this.#end(brokerReason(cause ?? CONNECTION_LOST)))
  }

  /** Starts handlers. */
  begin(): void {
    this.#slots.begin()
  }

  /** Whether it reads a stream. */
  get isStream(): boolean {
    return this.#plan.position !== undefined
  }

  /** Whether deliveries of this session can still be settled. */
  get isLive(): boolean {
    return !this.#over.signal.aborted
  }

  /** Whether the session is stopping; no more handlers start. */
  get isDraining(): boolean {
    return this.#isDraining
  }

  /** Aborted when the session is over. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  settle(delivery: Delivery, how: Settlement): boolean {
    if (!this.isLive || !this.#unsettled.delete(delivery)) return false
    try {
      if (how === 'ack') this.#channel.ack(delivery.message)
      else if (how === 'requeue') this.#channel.nack(delivery.message, false, true)
      else this.#channel.reject(delivery.message, how === 'reject')
    } catch {
      // The channel is closing, and its event has not arrived yet: the broker redelivers the message.
      return false
    }
    if (this.#isDraining) this.#drained[how === 'requeue' ? how : 'ack']++
    this.#plan.position?.settled(delivery.message.properties.headers)
    this.#onSettled()
    return true
  }

  /** Runs the handler of a delivery again. */
  runAgain(delivery: Delivery): void {
    delivery.renew()
    if (this.#isDraining) delivery.requeue()
    else this.#slots.add(delivery)
  }

  /**
   * Stops the session: cancels the consumer, requeues deliveries whose handlers have not started, lets running
   * handlers end within `deadline` milliseconds, then aborts them, and closes the channel.
   */
  async drain(deadline: number): Promise<DrainResult> {
    const end = performance.now() + deadline
    this.#isDraining = true
    const waiting = new Set(this.#slots.stop())
    // Cancels first, because the broker would redeliver requeued messages to this consumer.
    const cancelled = this.#channel.cancel(this.#consumerTag)
    for (const delivery of this.#unsettled) {
      if (waiting.has(delivery) || delivery.stage === 'pausing') delivery.requeue()
    }
    await this.#within(end - performance.now(), cancelled)
    await this.#within(end - performance.now(), this.#whenSettled())
    if (this.#unsettled.size > 0) {
      for (const delivery of this.#unsettled)
        delivery.abort(withCode('CONSUMER_STOPPED', new Error('the consumer was stopped')))
      await this.#within(GRACE, this.#whenSettled())
    }
    const aborted = this.#unsettled.size
    this.#end('stopped')
    await Promise.race([closeChannel(this.#channel), pause(Math.max(GRACE, end - performance.now()), undefined, false)])
    return { finished: this.#drained.ack, requeued: this.#drained.requeue, aborted }
  }

  #receive(message: ConsumeMessage | null): void {
    if (!this.isLive) return
    if (message === null) {
      // Unsettled messages are requeued when the channel closes; the broker may keep it open.
      this.#end('the broker has cancelled the consumer (queue deleted, its node stopped, or the consumer timed out)')
      void closeChannel(this.#channel)
      return
    }
    const delivery = new Delivery(message, this.#plan.queue, this, this.#plan.isCountedByBroker, this.#countedBy)
    this.#unsettled.add(delivery)
    this.#plan.position?.received(message.properties.headers)
    if (this.#isDraining) delivery.requeue()
    else this.#slots.add(delivery)
  }

  #end(reason: string): void {
    if (!this.isLive) return
    this.#over.abort()
    this.#slots.stop()
    for (const delivery of this.#unsettled)
      delivery.abort(withCode('DELIVERY_LOST', new Error(`the delivery was lost: ${reason}`)))
    this.#unsettled.clear()
    this.#onSettled()
    this.#lose(reason)
  }

  #whenSettled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = () => {
        if (this.#unsettled.size === 0) resolve()
      }
      this.#onSettled()
    })
  }

  async #within(milliseconds: number, what: Promise<unknown>): Promise<void> {
    const timer = new AbortController()
    const settled = what.catch(() => undefined)
    if (milliseconds > 0) {
      await Promise.race([settled, pause(milliseconds, timer.signal), this.lost])
    }
    timer.abort()
  }
}
