import { TokenBucket } from 'limiter'
import type { Rate } from '../../model/routes.ts'

/** How long a burst may be that makes up for late timers, in milliseconds. */
const SMALLEST_STEP = 20

/**
 * Lets at most `count` handlers begin in any `per` milliseconds, evenly spread. Given to several subscriptions
 * as their `rateLimit`, it is what they share.
 *
 * A bucket as large as the rate would let through a full bucket and then the whole rate on top, twice
 * the rate in the first interval, which is what a provider with a limit punishes. The bucket here
 * holds what is due in one timer step, and fills so much slower that both together never exceed the rate.
 */
export class RateLimit {
  readonly rate: Rate
  readonly #bucket: TokenBucket

  /** Throws a `RangeError` when it is no rate: `{ count: 50, per: 1_000 }` is 50 in 1,000 milliseconds. */
  constructor(rate: Rate) {
    const { count, per } = rate
    if (!(count > 0 && per > 0 && Number.isInteger(count) && Number.isFinite(per))) {
      throw new RangeError(
        `rateLimit must be such as { count: 50, per: 1000 } for 50 in 1,000 ms, not ${JSON.stringify(rate)}`,
      )
    }
    this.rate = rate
    const bucketSize = Math.min(count, 1 + Math.floor((count / per) * SMALLEST_STEP))
    this.#bucket = new TokenBucket({ bucketSize, tokensPerInterval: count + 1 - bucketSize, interval: per })
    this.#bucket.content = bucketSize
  }

  /** Takes a turn: 0 when it was free, else how many milliseconds to wait before asking again. */
  take(): number {
    return this.#bucket.tryRemoveTokens(1) ? 0 : Math.max(1, this.#bucket.getWaitTime(1))
  }
}
