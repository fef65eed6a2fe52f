import type { Locate, VhostDeclaration, Written } from '../declaration/document.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { Suggester } from './values/suggester.ts'

/** Records a finding. Expansion continues after a finding, so that all findings are reported together. */
export type Report = (found: Finding) => void

/**
 * Returns the JSON Schema of a message, or a finding if it is not available. `path` is as written, relative to the
 * file of `location`.
 */
export type ReadSchema = (
  path: string,
  location: Location,
) => { readonly schema: unknown } | { readonly finding: Finding }

/** The state that the steps of expanding a vhost share. */
export interface ExpandContext {
  readonly vhost: VhostDeclaration
  readonly locate: Locate
  readonly written: Written
  readonly report: Report
  readonly readSchema: ReadSchema
  readonly suggest: Suggester
}

/** A value in a file: its name in findings, and its position. */
export interface Place {
  readonly what: string
  readonly location: Location
  readonly report: Report
}

/** The value of `key` in `section`. */
export function placeOf(
  { locate, report }: ExpandContext,
  section: object,
  key: string | number,
  what = String(key),
): Place {
  return { what, location: locate(section, key, 'value'), report }
}
