import { finding } from '../../../diagnostics/findings/finding.ts'
import { parseRate } from '../../../model/values/rate.ts'
import type { Rate } from '../../../model/routes.ts'
import type { Place } from '../expand-context.ts'

/** Reads `50/s`, `3000/m` or `10/h`. Reports other values, and a rate of zero. */
export function readRate(value: string, place: Place): Rate | undefined {
  const rate = parseRate(value)
  if (rate === undefined) place.report(finding('not-a-rate', { what: place.what, value }, place.location))
  return rate
}
