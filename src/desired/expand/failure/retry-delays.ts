import type { RetrySection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import type { Location } from '../../../diagnostics/location.ts'
import { integerWithin, LONGEST_TIMER, readDuration } from '../values/quantity.ts'
import { placeOf, type ExpandContext } from '../expand-context.ts'

/** One step of a ladder as written. */
export interface WrittenDelay {
  /** In milliseconds. */
  readonly delay: number
  /** The name of the queue for this delay, if the file sets one. */
  readonly queue?: string
  readonly origin: Location
}

const DELAY = { minimum: 0, maximum: LONGEST_TIMER }
const MOST_ATTEMPTS = 1_000

/** Lists the delays of a ladder in any of the three forms, for the first failure first. */
export function readDelays(scope: ExpandContext, retry: RetrySection): WrittenDelay[] {
  const { delays, delay, initial, factor, max, attempts } = retry
  const list = delays !== undefined
  const fixed = delay !== undefined
  const growing = initial !== undefined || factor !== undefined || max !== undefined
  const complete = list ? attempts === undefined : attempts !== undefined
  if (Number(list) + Number(fixed) + Number(growing) !== 1 || !complete || delays?.length === 0) {
    scope.report(finding('retry-form', {}, scope.locate(retry)))
    return []
  }
  if (delays !== undefined) return listedDelays(scope, delays)
  if (delay !== undefined) return fixedDelays(scope, retry, delay)
  return growingDelays(scope, retry)
}

function listedDelays(scope: ExpandContext, delays: NonNullable<RetrySection['delays']>): WrittenDelay[] {
  return delays.flatMap((written, index) => {
    const origin = scope.locate(delays, index)
    if (typeof written !== 'object') {
      const delay = readDuration(written, placeOf(scope, delays, index, 'a delay'), DELAY)
      return delay === undefined ? [] : [{ delay, origin }]
    }
    const delay = readDuration(written.delay, placeOf(scope, written, 'delay'), DELAY)
    if (delay === 0 && written.queue !== undefined) {
      scope.report(finding('no-delay-queue', { queue: written.queue }, scope.locate(written, 'queue')))
    }
    return delay === undefined ? [] : [{ delay, origin, ...(written.queue !== undefined && { queue: written.queue }) }]
  })
}

function fixedDelays(scope: ExpandContext, retry: RetrySection, written: string | number): WrittenDelay[] {
  const delay = readDuration(written, placeOf(scope, retry, 'delay'), DELAY)
  const attempts = readAttempts(scope, retry)
  if (delay === undefined || attempts === undefined) return []
  return Array.from({ length: attempts }, () => ({ delay, origin: scope.locate(retry, 'delay') }))
}

function growingDelays(scope: ExpandContext, retry: RetrySection): WrittenDelay[] {
  const { initial, factor, max, mode } = retry
  // The broker's native retry adds the same step each time. A missing factor has this meaning.
  if (initial === undefined || (factor === undefined && mode !== 'native')) {
    scope.report(finding('retry-form', {}, scope.locate(retry)))
    return []
  }
  const first = readDuration(initial, placeOf(scope, retry, 'initial'), { ...DELAY, minimum: 1 })
  const longest = max === undefined ? LONGEST_TIMER : readDuration(max, placeOf(scope, retry, 'max'), DELAY)
  const attempts = readAttempts(scope, retry)
  const origin = scope.locate(retry, 'initial')
  if (first === undefined || longest === undefined || attempts === undefined) return []
  return Array.from({ length: attempts }, (_, retries) => ({
    delay: Math.min(factor === undefined ? first * (retries + 1) : Math.round(first * factor ** retries), longest),
    origin,
  }))
}

function readAttempts(scope: ExpandContext, retry: RetrySection): number | undefined {
  return integerWithin(retry.attempts ?? 0, placeOf(scope, retry, 'attempts'), { minimum: 1, maximum: MOST_ATTEMPTS })
}
