import { withCode } from '../../diagnostics/error-code.ts'
import { isError } from '../../diagnostics/thrown.ts'

// Recognized by a mark instead of by class, because a program may load two copies of this package.
const NO_RETRY = Symbol.for('warren.runtime.noRetry')
const DELAY = Symbol.for('warren.runtime.retryAfter')

/** Throw it in a handler if a retry cannot succeed. The message is handled as after its last delay. */
export class DoNotRetry extends Error {
  override readonly name: string = 'DoNotRetry'
  readonly [NO_RETRY] = true
}

/**
 * Throw it in a handler to retry after about this time. The runtime uses the nearest declared delay. It counts as a
 * retry like any other, and there is none after the last one. On a queue without `retry` (`onFailure: requeue`), the
 * delay is exact, up to five minutes.
 */
export class RetryAfter extends Error {
  override readonly name: string = 'RetryAfter'
  readonly [DELAY]: number

  /** @param delay in milliseconds, 0 or more */
  constructor(delay: number, message = `try again in ${delay} ms`, options?: ErrorOptions) {
    super(message, options)
    if (!(delay >= 0))
      throw withCode('INVALID_OPTION', new RangeError(`the delay of a retry must be 0 ms or more, not ${delay}`))
    this[DELAY] = delay
  }
}

/** Whether a handler has thrown `DoNotRetry`. */
export function asksForNoRetry(thrown: unknown): boolean {
  return isError(thrown) && hasMark(thrown, NO_RETRY)
}

/** The delay that a handler has requested with `RetryAfter`, in milliseconds. */
export function askedDelay(thrown: unknown): number | undefined {
  if (!isError(thrown) || !hasMark(thrown, DELAY)) return undefined
  const delay = markOf(thrown, DELAY)
  return typeof delay === 'number' ? delay : undefined
}

function hasMark(thrown: Error, mark: symbol): boolean {
  return markOf(thrown, mark) !== undefined
}

/** An error of a proxy or getter must not end the process. */
function markOf(thrown: Error, mark: symbol): unknown {
  try {
    return (thrown as unknown as Record<symbol, unknown>)[mark]
  } catch {
    return undefined
  }
}
