import { finding } from '../../../diagnostics/findings/finding.ts'
import { defaultsIn, containsWrittenSecret } from '../../../model/values/written-value.ts'
import { locationOf, type Place } from '../../source/places.ts'
import { escapeReferences } from '../../source/references/named-text.ts'
import { parseReferences, type Reference } from '../../source/references/references.ts'
import type { Run } from '../run.ts'
import { rebased } from './rebase.ts'

/** The data for writing texts out. */
export interface WritingOut {
  readonly variables: Readonly<Record<string, string>>
  /** The folder that relative paths of the written text start from. */
  readonly folder: string
  readonly run: Run
}

/**
 * Writes a string with its references: `${var:}` is replaced with its value, and `${env:}` and `${file:}` are kept,
 * with paths relative to the new file. Undefined if it contains none of the latter; then only its value counts.
 */
export function withKeptReferences(
  written: string,
  place: Place,
  { variables, folder, run }: WritingOut,
): string | undefined {
  const parsed = parseReferences(written)
  if ('malformed' in parsed || !parsed.parts.some(isKept)) return undefined
  let text = ''
  let literal = ''
  for (const part of parsed.parts) {
    if (typeof part === 'string') literal += part
    else if (part.kind === 'var') literal += variables[part.name] ?? ''
    else {
      const reference =
        part.kind === 'file' ? `\${file:${rebased(part.name, place.source.path, folder)}}` : part.written
      // `$${` would be a literal `${`, and a brace would end the reference.
      if (literal.endsWith('$')) report(literal)
      else if (reference.indexOf('}') < reference.length - 1) report(reference)
      text += escapeReferences(literal) + reference
      literal = ''
    }
  }
  return text + escapeReferences(literal)

  function report(value: string): void {
    run.report(finding('instance-not-in-reference', { value }, locationOf(place)))
  }
}

/** Why a password or hash cannot be written, because it is a literal secret and not a reference. */
export function revealsSecret(written: string): boolean {
  const parsed = parseReferences(written)
  if ('malformed' in parsed || written === '') return false
  const { parts } = parsed
  if (!parts.some(isKept)) return true
  return (
    containsWrittenSecret(written) ||
    defaultsIn(written).some((text) => text !== '') ||
    parts.some((part) => typeof part === 'object' && part.kind === 'var')
  )
}

function isKept(part: string | Reference): boolean {
  return typeof part === 'object' && part.kind !== 'var'
}
