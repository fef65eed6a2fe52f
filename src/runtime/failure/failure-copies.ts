import { asError } from '../../diagnostics/thrown.ts'
import { growingPause, HOLD } from '../connection/backoff.ts'
import { aboutDelivery, aboutFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import { failureCopy } from './failure-copy.ts'
import type { Incoming } from '../consume/incoming.ts'
import { pause } from '../pause.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { Publisher } from '../publish/publisher.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'

/** How long one try to publish a copy may take, in milliseconds. */
const COPY_TIMEOUT = 30_000

/** Publishes the copies of failed messages. */
export type CopyPublisher = Pick<Publisher, 'publish' | 'frameMax'>

/** Where a failed message goes next. */
export interface Step {
  readonly exchange: string
  readonly routingKey: string
  /** Undefined for the last one: the dead-letter queue. */
  readonly delay: number | undefined
}

/**
 * Moves failed messages on.
 *
 * The order is what keeps the message: first the broker confirms a copy that it could route, then the
 * delivery is acknowledged. While the broker does not take the copy, the delivery is held and the copy
 * tried again; it is never acknowledged instead. What dies in between is delivered again.
 */
export class FailureCopies {
  readonly #subscription: string
  readonly #hasDeadLetters: boolean
  readonly #publisher: CopyPublisher
  readonly #events: RuntimeEmitter

  /** @param hasDeadLetters whether the queue has the broker dead-letter what is rejected */
  constructor(subscription: string, hasDeadLetters: boolean, publisher: CopyPublisher, events: RuntimeEmitter) {
    this.#subscription = subscription
    this.#hasDeadLetters = hasDeadLetters
    this.#publisher = publisher
    this.#events = events
  }

  /** Sends it to the first of the steps that is bound. */
  async move(incoming: Incoming, failure: Failure, steps: readonly Step[]): Promise<void> {
    let withOthers = true
    for (let tries = 0; incoming.session.isLive; tries++) {
      let because: unknown
      for (const step of steps) {
        because = await this.#copy(incoming, failure, step, withOthers)
        if (because === undefined) return
        // Only what is bound nowhere has another way; what is refused or uncertain is tried again as it is.
        if (!(because instanceof PublishError) || because.outcome !== 'unroutable') break
      }
      if (!incoming.session.isLive) return
      if (because instanceof PublishError && (because.outcome === 'tooLarge' || because.outcome === 'invalid')) {
        // What the publisher has set cannot be copied. The message matters more; without a copy, the broker takes it.
        if (!withOthers) return this.#settleWithoutCopy(incoming, failure)
        withOthers = false
      }
      this.#events.emit('held', {
        ...aboutFailure(this.#subscription, incoming, failure),
        because: asError(because),
      })
      await pause(growingPause(HOLD, tries), incoming.session.over, true, incoming.session.clock)
    }
  }

  /** Resolves with what has failed, if anything has. */
  async #copy(incoming: Incoming, failure: Failure, step: Step, withOthers: boolean): Promise<unknown> {
    const { copy, dropped } = failureCopy(incoming, failure, {
      subscription: this.#subscription,
      routingKey: step.routingKey,
      retries: incoming.retries + (step.delay === undefined ? 0 : 1),
      frameMax: this.#publisher.frameMax,
      withOthers,
    })
    try {
      await this.#publisher.publish(step.exchange, copy, { timeout: COPY_TIMEOUT, signal: incoming.session.over })
      this.#moved(incoming, failure, step, dropped)
      return undefined
    } catch (error) {
      return error
    }
  }

  #settleWithoutCopy(incoming: Incoming, failure: Failure): void {
    const about = aboutFailure(this.#subscription, incoming, failure)
    if (this.#hasDeadLetters) {
      if (incoming.deadLetter()) this.#events.emit('deadLettered', about)
    } else if (incoming.ack()) {
      this.#events.emit('discarded', about)
    }
  }

  #moved(incoming: Incoming, failure: Failure, { delay }: Step, dropped: readonly string[]): void {
    const about = aboutFailure(this.#subscription, incoming, failure)
    incoming.ack()
    if (dropped.length > 0) {
      this.#events.emit('headersDropped', { ...aboutDelivery(this.#subscription, incoming), dropped })
    }
    if (delay === undefined) this.#events.emit('deadLettered', about)
    else this.#events.emit('retried', { ...about, delay })
  }
}
