import { finding } from '../../../diagnostics/findings/finding.ts'
import { withCommas } from '../../../diagnostics/text/with-commas.ts'
import type { Place } from '../expand-context.ts'

/** The limits of an integer, both allowed, and how a finding writes them. */
export interface IntegerLimits {
  readonly minimum: number
  readonly maximum: number
  /** Default: with thousands separators. */
  readonly write?: (limit: number) => string
  /** The original value in the file; default: the number. */
  readonly value?: string
}

/** The integer itself; one that is outside of its limits is reported and gives undefined. */
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
