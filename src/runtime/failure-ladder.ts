import type { FailureRule, RetryDelay } from '../model/routes.ts'
import { growingPause, HOLD } from './backoff.ts'
import { aboutFailure } from './failure.ts'
import type { Failure, FailureHandling } from './failure.ts'
import { failureCopy } from './failure-copy.ts'
import type { Incoming } from './incoming.ts'
import { pause } from './pause.ts'
import { PublishError } from './publish-error.ts'
import type { Publisher } from './publisher.ts'
import { askedDelay, asksForNoRetry } from './retry-hints.ts'
import type { RuntimeEmitter } from './runtime-events.ts'

type LadderRule = Extract<FailureRule, { kind: 'ladder' }>

/** How long one try to publish a copy may take, in milliseconds. */
const COPY_TIMEOUT = 30_000

/** Where a failed message goes next. */
interface Step {
  readonly exchange: string
  readonly routingKey: string
  /** Undefined for the last one: the dead-letter queue. */
  readonly delay: number | undefined
}

/**
 * Sends what failed to the next delay, and after the last one to the dead-letter queue.
 *
 * The order is what keeps the message: first the broker confirms a copy that it could route, then the
 * delivery is acknowledged. While the broker does not take the copy, the delivery is held and the copy
 * tried again; it is never acknowledged instead. What dies in between is delivered again.
 */
export class FailureLadder implements FailureHandling {
  readonly parksPoison = true
  readonly #subscription: string
  readonly #rule: LadderRule
  readonly #copies: Publisher
  readonly #events: RuntimeEmitter

  constructor(subscription: string, rule: LadderRule, copies: Publisher, events: RuntimeEmitter) {
    this.#subscription = subscription
    this.#rule = rule
    this.#copies = copies
    this.#events = events
  }

  failed(incoming: Incoming, failure: Failure): void {
    incoming.stage = 'failing'
    const wanted = this.#nextDelay(incoming, failure)
    if (wanted) {
      void this.#move(
        incoming,
        failure,
        [wanted, ...nearest(wanted, this.#rule.delays)].map((each) => this.#delayStep(each)),
      )
      return
    }
    const { last } = this.#rule
    if (last !== 'discard') {
      void this.#move(incoming, failure, [{ ...last, delay: undefined }])
      return
    }
    if (incoming.ack()) this.#events.emit('discarded', aboutFailure(this.#subscription, incoming, failure))
  }

  #nextDelay(incoming: Incoming, { reason, error }: Failure): RetryDelay | undefined {
    if (reason === 'invalid' || reason === 'poison' || asksForNoRetry(error)) return undefined
    const next = this.#rule.delays[incoming.retries]
    const asked = askedDelay(error)
    return next && asked !== undefined ? closest(asked, this.#rule.delays) : next
  }

  #delayStep({ routingKey, delay }: RetryDelay): Step {
    return { exchange: this.#rule.exchange, routingKey, delay }
  }

  async #move(incoming: Incoming, failure: Failure, steps: readonly Step[]): Promise<void> {
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
      await this.#copies.publish(step.exchange, copy, { timeout: COPY_TIMEOUT, signal: incoming.session.over })
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

/** The other delays, the nearest first. Back at once (0) is not one: it would turn a delay into a busy loop. */
function nearest(wanted: RetryDelay, delays: readonly RetryDelay[]): RetryDelay[] {
  const others = new Map<string, RetryDelay>()
  for (const each of delays) {
    if (each.delay > 0 && each.routingKey !== wanted.routingKey) others.set(each.routingKey, each)
  }
  return [...others.values()].toSorted(
    (a, b) => Math.abs(a.delay - wanted.delay) - Math.abs(b.delay - wanted.delay) || a.delay - b.delay,
  )
}

function closest(delay: number, delays: readonly RetryDelay[]): RetryDelay | undefined {
  const usable = delays.filter((each) => each.delay > 0 || delay === 0)
  return usable.toSorted((a, b) => Math.abs(a.delay - delay) - Math.abs(b.delay - delay))[0] ?? delays[0]
}
