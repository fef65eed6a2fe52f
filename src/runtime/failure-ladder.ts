import type { FailureRule, RetryDelay } from '../model/routes.ts'
import type { Failure, FailureHandling } from './failure.ts'
import type { FailureCopies, Step } from './failure-copies.ts'
import type { Incoming } from './incoming.ts'
import { askedDelay, asksForNoRetry } from './retry-hints.ts'

type LadderRule = Extract<FailureRule, { kind: 'ladder' }>

/** Sends what failed to the next delay, and after the last one to the dead-letter queue. */
export class FailureLadder implements FailureHandling {
  readonly parksPoison = true
  readonly #rule: LadderRule
  readonly #copies: FailureCopies

  constructor(rule: LadderRule, copies: FailureCopies) {
    this.#rule = rule
    this.#copies = copies
  }

  failed(incoming: Incoming, failure: Failure): void {
    incoming.stage = 'failing'
    const wanted = this.#nextDelay(incoming, failure)
    if (!wanted) {
      void this.#copies.end(incoming, failure, this.#rule.last)
      return
    }
    const steps = [wanted, ...nearest(wanted, this.#rule.delays)].map((each) => this.#delayStep(each))
    void this.#copies.move(incoming, failure, steps)
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
