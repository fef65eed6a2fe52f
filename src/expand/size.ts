import type { SizeText } from '../declaration/document.ts'
import { finding } from '../diagnostics/finding.ts'
import { integerWithin } from './integer.ts'
import type { Place } from './scope.ts'

const BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1_000],
  ['MB', 1_000 ** 2],
  ['GB', 1_000 ** 3],
  ['TB', 1_000 ** 4],
  ['KiB', 1_024],
  ['MiB', 1_024 ** 2],
  ['GiB', 1_024 ** 3],
  ['TiB', 1_024 ** 4],
])

const SIZE = /^(-?\d+)([KMGT]?i?B)?$/

/** Reads `512KiB`, `10MB` or a number of bytes, as bytes; one that is none, or outside of the limits, is reported. */
export function readSize(
  value: SizeText,
  place: Place,
  limits: { readonly minimum: number; readonly maximum: number },
): number | undefined {
  const bytes = bytesOf(value)
  if (bytes === undefined) {
    place.report(finding('not-a-size', { what: place.what, value: String(value) }, place.location))
    return undefined
  }
  return integerWithin(bytes, place, { ...limits, value: String(value) })
}

function bytesOf(value: SizeText): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined
  const [, digits, unit = 'B'] = SIZE.exec(value) ?? []
  const factor = BYTES.get(unit)
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}
