import { finding } from '../../../diagnostics/findings/finding.ts'
import type { StreamOffset } from '../../../model/routes.ts'
import { integerWithin } from '../values/quantity.ts'
import type { Place } from '../expand-context.ts'

const TIME = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Reads `first`, `last`, `next`, the number of a message, or a time such as `2026-01-31T12:00:00Z`. */
export function readOffset(value: number | string, place: Place): StreamOffset | undefined {
  if (typeof value === 'number') {
    const offset = integerWithin(value, place, { minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
    return offset === undefined ? undefined : { kind: 'offset', offset }
  }
  if (value === 'first' || value === 'last' || value === 'next') return { kind: value }
  const time = timeOf(value)
  if (time !== undefined) return { kind: 'time', time }
  place.report(finding('not-an-offset', { value }, place.location))
  return undefined
}

/**
 * Milliseconds since 1970; a day alone begins at midnight UTC. A day that does not exist in the calendar is not a
 * date.
 */
function timeOf(value: string): number | undefined {
  const [, day] = TIME.exec(value) ?? []
  const time = Date.parse(value)
  if (day === undefined || Number.isNaN(time)) return undefined
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? time : undefined
}
