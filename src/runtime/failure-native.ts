import type { FailureRule } from '../model/routes.ts'
import { aboutFailure } from './failure.ts'
import type { Failure, FailureHandling } from './failure.ts'
import type { FailureCopies } from './failure-copies.ts'
import type { Incoming } from './incoming.ts'
import { asksForNoRetry } from './retry-hints.ts'
import type { RuntimeEmitter } from './runtime-events.ts'

type NativeRule = Extract<FailureRule, { kind: 'native' }>

/** The first version of RabbitMQ whose quorum queues delay what is rejected. */
export const NATIVE_RETRY_SINCE = [4, 3, 1] as const

/**
 * Rejects what failed, which a quorum queue then gives out again after its own delay, and counts. Only what fails for the last
 * time is copied, since the broker would dead-letter it without a reason. `basic.nack` would not count from RabbitMQ
 * 4.3 on, and be given out again at once: a busy loop without an end.
 */
export class FailureNative implements FailureHandling {
  readonly parksPoison = true
  readonly #subscription: string
  readonly #rule: NativeRule
  readonly #copies: FailureCopies
  readonly #events: RuntimeEmitter

  constructor(subscription: string, rule: NativeRule, copies: FailureCopies, events: RuntimeEmitter) {
    this.#subscription = subscription
    this.#rule = rule
    this.#copies = copies
    this.#events = events
  }

  failed(incoming: Incoming, failure: Failure): void {
    incoming.stage = 'failing'
    const { min, max, attempts, last } = this.#rule
    const isFinal = failure.reason === 'invalid' || failure.reason === 'poison' || asksForNoRetry(failure.error)
    if (isFinal || incoming.retries >= attempts) {
      void this.#copies.end(incoming, failure, last)
      return
    }
    const delay = Math.min(min * (incoming.retries + 1), max)
    const about = aboutFailure(this.#subscription, incoming, failure)
    if (incoming.reject()) this.#events.emit('retried', { ...about, delay })
  }
}

/** Whether a broker of this version delays what is rejected; one that tells no version is believed to. */
export function delaysRejected(version: string): boolean {
  if (version === '') return true
  const parts = version.split(/[.-]/).map(Number)
  for (const [at, since] of NATIVE_RETRY_SINCE.entries()) {
    const part = parts[at] ?? 0
    if (part !== since) return Number.isNaN(part) || part > since
  }
  return true
}
