import { ownersText, type ShownOwner } from '../owners-text.ts'
import { type ResultFormatOptions, styleOf } from './format-options.ts'

/** Formats the result of `owners`, one object a line. */
export function formatOwners(owners: readonly ShownOwner[], options: ResultFormatOptions = {}): string {
  if (options.format === 'json') return `${JSON.stringify({ format: 1, owners }, undefined, 2)}\n`
  return ownersText(owners, styleOf(options))
}
