import type { DurationText } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { durationLabel, parseDuration } from '../../../model/values/duration.ts'
import { integerWithin } from './integer.ts'
import type { Place } from '../expand-context.ts'

const SECOND = 1_000

/** Ten years in milliseconds: the longest timer that the broker takes (`MAX_EXPIRY_TIMER`). */
export const LONGEST_TIMER = 315_360_000_000

/**
 * Reads `5s`, `30m` or a number of milliseconds, as milliseconds.
 * A value that is none, or lies outside of the limits (both in milliseconds, both allowed), is reported.
 */
export function readDuration(
  value: DurationText,
  place: Place,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  const milliseconds = millisecondsOf(value)
  if (milliseconds === undefined) {
    place.report(finding('not-a-duration', { what: place.what, value: String(value) }, place.location))
    return undefined
  }
  return integerWithin(milliseconds, place, {
    ...limits,
    write: (limit) => (limit === 0 ? '0s' : durationLabel(limit)),
    value: String(value),
  })
}

/** Reads a duration that the broker stores in seconds. Reports a finer one. */
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

function millisecondsOf(value: DurationText): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  return parseDuration(value)
}
