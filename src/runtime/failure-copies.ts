import { growingPause, HOLD } from './backoff.ts'
import { aboutFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import { failureCopy } from './failure-copy.ts'
import type { Incoming } from './incoming.ts'
import { pause } from './pause.ts'
import { PublishError } from './publish-error.ts'
import type { Publisher } from './publisher.ts'
import type { RuntimeEmitter } from './runtime-events.ts'

/** How long one try to publish a copy may take, in milliseconds. */
const COPY_TIMEOUT = 30_000

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
  readonly #publisher: Publisher
  readonly #events: RuntimeEmitter

  constructor(subscription: string, publisher: Publisher, events: RuntimeEmitter) {
    this.#subscription = subscription
    this.#publisher = publisher
    this.#events = events
  }

  /** Sends it where what failed for the last time goes. */
  async end(incoming: Incoming, failure: Failure, last: Omit<Step, 'delay'> | 'discard'): Promise<void> {
    if (last !== 'discard') return this.move(incoming, failure, [{ ...last, delay: undefined }])
    if (incoming.ack()) this.#events.emit('discarded', aboutFailure(this.#subscription, incoming, failure))
  }

  /** Sends it to the first of the steps that is bound. */
  async move(incoming: Incoming, failure: Failure, steps: readonly Step[]): Promise<void> {
    let withHeaders = true
    for (let tries = 0; incoming.session.isLive; tries++) {
      let because: unknown
      for (const step of steps) {
        because = await this.#copy(incoming, failure, step, withHeaders)
        if (because === undefined) return this.#moved(incoming, failure, step)
        // Only what is bound nowhere has another way; what is refused or uncertain is tried again as it is.
        if (!(because instanceof PublishError) || because.outcome !== 'unroutable') break
      }
      if (!incoming.session.isLive) return
      // With headers of other programs the copy's own may not fit; then the message matters more than they do.
      if (because instanceof PublishError && because.outcome === 'tooLarge') withHeaders = false
      this.#events.emit('held', {
        ...aboutFailure(this.#subscription, incoming, failure),
        because: because instanceof Error ? because : new Error(String(because)),
      })
      await pause(growingPause(HOLD, tries), incoming.session.over)
    }
  }

  async #copy(incoming: Incoming, failure: Failure, step: Step, withHeaders: boolean): Promise<unknown> {
    const copy = failureCopy(incoming, failure, {
      subscription: this.#subscription,
      routingKey: step.routingKey,
      retries: incoming.retries + (step.delay === undefined ? 0 : 1),
      withHeaders,
    })
    try {
      await this.#publisher.publish(step.exchange, copy, { timeout: COPY_TIMEOUT, signal: incoming.session.over })
      return undefined
    } catch (error) {
      return error
    }
  }

  #moved(incoming: Incoming, failure: Failure, { delay }: Step): void {
    const about = aboutFailure(this.#subscription, incoming, failure)
    incoming.ack()
    if (delay === undefined) this.#events.emit('deadLettered', about)
    else this.#events.emit('retried', { ...about, delay })
  }
}
