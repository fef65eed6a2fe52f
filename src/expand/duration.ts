import type { DurationText } from '../declaration/document.ts'
import { finding } from '../diagnostics/finding.ts'
import { integerWithin } from './integer.ts'
import type { Place } from './scope.ts'

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

type Unit = keyof typeof MILLISECONDS

/** Ten years in milliseconds: the longest timer that the broker takes (`MAX_EXPIRY_TIMER`). */
export const LONGEST_TIMER = 315_360_000_000

const DURATION = /^(-?\d+)(ms|s|m|h|d)?$/

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

/** Reads a duration whose own unit on the broker is the second: a finer one is reported. */
export function readSeconds(
  value: DurationText,
  place: Place,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  const milliseconds = readDuration(value, place, {
    minimum: limits.minimum * MILLISECONDS.s,
    maximum: limits.maximum * MILLISECONDS.s,
  })
  if (milliseconds === undefined) return undefined
  if (milliseconds % MILLISECONDS.s === 0) return milliseconds / MILLISECONDS.s
  place.report(finding('duration-too-fine', { what: place.what, value: String(value) }, place.location))
  return undefined
}

function millisecondsOf(value: DurationText): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  const [, digits, unit = 'ms'] = DURATION.exec(value) ?? []
  return digits === undefined ? undefined : Number(digits) * MILLISECONDS[unit as Unit]
}

/** Writes a duration in its largest whole unit: 60,000 is `1m`, 90,000 is `90s`, 1,500 is `1500ms`. */
export function durationLabel(milliseconds: number): string {
  const units: readonly Unit[] = ['d', 'h', 'm', 's', 'ms']
  const unit = units.find((each) => milliseconds % MILLISECONDS[each] === 0) ?? 'ms'
  return `${milliseconds / MILLISECONDS[unit]}${unit}`
}
