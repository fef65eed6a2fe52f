import type { SizeText } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { parseSize } from '../../../model/values/size.ts'
import { integerWithin } from './integer.ts'
import type { Place } from '../expand-context.ts'

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
  return parseSize(value)
}
