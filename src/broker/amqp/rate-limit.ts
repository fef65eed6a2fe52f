import { withCode } from '../../diagnostics/error-code.ts'
import { TokenBucket } from 'limiter'
import type { Rate } from '../../model/routes.ts'

/** The longest burst that compensates for late timers, in milliseconds. */
const SMALLEST_STEP = 20

/**
 * Starts at most `count` handlers in any `per` milliseconds, evenly spread. Subscriptions with the same `RateLimit`
 * share it.
 *
 * A bucket of the size of the rate would allow a full bucket plus the whole rate in the first interval, which is
 * twice the limit of a provider. This bucket contains only the share of one timer step, and fills more slowly, so
 * that both together never exceed the rate.
 */
export class RateLimit {
  readonly rate: Rate
  readonly #bucket: TokenBucket

  /** @throws {RangeError} for an invalid rate; `{ count: 50, per: 1_000 }` is 50 in 1,000 milliseconds */
  constructor(rate: Rate) {
    const { count, per } = rate
    if (!(count > 0 && per > 0 && Number.isInteger(count) && Number.isFinite(per))) {
      throw withCode(
        'INVALID_OPTION',
        new RangeError(
          `rateLimit must be such as { count: 50, per: 1000 } for 50 in 1,000 ms, not ${JSON.stringify(rate)}`,
        ),
      )
    }
    this.rate = rate
    const bucketSize = Math.min(count, 1 + Math.floor((count / per) * SMALLEST_STEP))
    this.#bucket = new TokenBucket({ bucketSize, tokensPerInterval: count + 1 - bucketSize, interval: per })
    this.#bucket.content = bucketSize
  }

  /** Takes a token and returns 0, or returns how long to wait before the next attempt, in milliseconds. */
  take(): number {
    return this.#bucket.tryRemoveTokens(1) ? 0 : Math.max(1, this.#bucket.getWaitTime(1))
  }
}
