import type { DurationText, SizeText } from '../../declaration/document.ts'
import type { Place } from '../expand-context.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { withCommas } from '../../../diagnostics/text/with-commas.ts'
import type { Rate } from '../../../model/routes.ts'
import { durationLabel, parseDuration } from '../../../model/values/duration.ts'
import { parseRate } from '../../../model/values/rate.ts'
import { parseSize } from '../../../model/values/size.ts'

/** The inclusive limits of an integer, and how a finding formats them. */
interface IntegerLimits {
  readonly minimum: number
  readonly maximum: number
  /** Default: with thousands separators. */
  readonly write?: (limit: number) => string
  /** The original value in the file; default: the number. */
  readonly value?: string
}

/** Returns the integer. Reports one outside of its limits, and returns undefined. */
export function integerWithin(value: number, place: Place, limits: IntegerLimits): number | undefined {
  const { minimum, maximum, write = withCommas } = limits
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value
  place.report(
    finding(
      'out-of-range',
      { what: place.what, value: limits.value ?? String(value), minimum: write(minimum), maximum: write(maximum) },
      place.location,
    ),
  )
  return undefined
}

/** How to read a number with a unit, and what to report for invalid text. */
interface QuantityFormat extends Omit<IntegerLimits, 'value'> {
  /** Reads a string such as `5s` or `512KiB` as a whole number of the smallest unit; undefined for any other text. */
  readonly parse: (text: string) => number | undefined
  readonly invalid: 'not-a-duration' | 'not-a-size'
}

/**
 * Reads a number with a unit, or a plain number of the smallest unit. Reports other values, and values outside of the
 * limits.
 */
function readQuantity(
  value: string | number,
  place: Place,
  { parse, invalid, ...limits }: QuantityFormat,
): number | undefined {
  const number = typeof value === 'string' ? parse(value) : Number.isInteger(value) ? value : undefined
  if (number !== undefined) return integerWithin(number, place, { ...limits, value: String(value) })
  place.report(finding(invalid, { what: place.what, value: String(value) }, place.location))
  return undefined
}

/** Reads `512KiB`, `10MB` or a number of bytes, as bytes. */
export function readSize(
  value: SizeText,
  place: Place,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  return readQuantity(value, place, { parse: parseSize, invalid: 'not-a-size', ...limits })
}

const SECOND = 1_000

/** Ten years in milliseconds: the longest timer that the broker accepts (`MAX_EXPIRY_TIMER`). */
export const LONGEST_TIMER = 315_360_000_000

/**
 * Reads `5s`, `30m` or a number of milliseconds, as milliseconds. Reports other values, and values outside of the
 * limits (inclusive, in milliseconds).
 */
export function readDuration(
  value: DurationText,
  place: Place,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  const write = (limit: number) => (limit === 0 ? '0s' : durationLabel(limit))
  return readQuantity(value, place, { parse: parseDuration, invalid: 'not-a-duration', ...limits, write })
}

/** Reads a duration that the broker stores in seconds. Reports a duration that is not a whole number of seconds. */
export function readSeconds(
  value: DurationText,
  place: Place,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  const milliseconds = readDuration(value, place, {
    minimum: limits.minimum * SECOND,
    maximum: limits.maximum * SECOND,
  })
  if (milliseconds === undefined) return undefined
  if (milliseconds % SECOND === 0) return milliseconds / SECOND
  place.report(finding('duration-too-fine', { what: place.what, value: String(value) }, place.location))
  return undefined
}

/** Reads `50/s`, `3000/m` or `10/h`. Reports other values, and a rate of zero. */
export function readRate(value: string, place: Place): Rate | undefined {
  const rate = parseRate(value)
  if (rate === undefined) place.report(finding('not-a-rate', { what: place.what, value }, place.location))
  return rate
}
