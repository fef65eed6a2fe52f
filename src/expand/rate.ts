import { finding } from '../diagnostics/finding.ts'
import type { Rate } from '../model/routes.ts'
import type { Place } from './scope.ts'

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

const RATE = /^(\d+)\/([smh])$/

/** Reads `50/s`, `3000/m` or `10/h`; what is none, or no message at all, is reported. */
export function readRate(value: string, place: Place): Rate | undefined {
  const [, digits = '', unit = ''] = RATE.exec(value) ?? []
  const count = Number(digits)
  const per = MILLISECONDS.get(unit)
  if (per !== undefined && count >= 1 && Number.isSafeInteger(count)) return { count, per }
  place.report(finding('not-a-rate', { what: place.what, value }, place.location))
  return undefined
}
