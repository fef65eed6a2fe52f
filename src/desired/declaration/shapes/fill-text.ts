import { finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import { locationOf, type Place } from '../../source/places.ts'
import { escapeReferences, parseNames, type KeptPart, type NamedPart } from '../../source/references/named-text.ts'
import type { Run } from '../run.ts'
import type { Scope } from './scope.ts'
import { escapedFor, type TextContext } from './text-context.ts'

/** A string in which names were replaced with values. */
export interface FilledText {
  /** It still contains references, and literal text is escaped, so that it can be parsed like text of a file. */
  readonly text: string
  /** The value of the name if it was the whole text; it may become a number. */
  readonly alone?: string
  /** The values that replaced names, except for those within references. */
  readonly values: readonly string[]
}

/** Replaces the names of a string with their values. Undefined if a name has no value, which was reported. */
export function fillText(
  text: string,
  context: TextContext,
  scope: Scope,
  place: Place,
  run: Run,
): FilledText | undefined {
  const parts = parseNames(text)
  const [only] = parts
  const alone = parts.length === 1 && typeof only === 'object' && 'name' in only ? only : undefined
  // The value is then the whole URI, not a part of one.
  const within = alone && context === 'uri' ? 'plain' : context
  const values: string[] = []
  let filled = ''
  let literal = ''
  let failed = false
  for (const part of parts) {
    if (typeof part === 'string') literal += part
    else if ('kept' in part) {
      const kept = fillReference(part, scope, place, run)
      if (kept === undefined) failed = true
      else if (literal.endsWith('$')) failed = !reportNotFillable(literal, place, run)
      else filled += escapeReferences(literal) + kept
      literal = ''
    } else {
      const value = valueOf(part, scope, place, run)
      if (value === undefined) failed = true
      else if (typeof value === 'object') {
        filled += escapeReferences(literal) + value.written
        literal = ''
      } else {
        values.push(value)
        literal += escapedFor(within, value)
      }
    }
  }
  if (failed) return undefined
  const all = filled + escapeReferences(literal)
  return { text: all, values, ...(alone && filled === '' && { alone: literal }) }
}

function fillReference({ kept }: KeptPart, scope: Scope, place: Place, run: Run): string | undefined {
  let text = ''
  for (const part of kept) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = valueOf(part, scope, place, run)
    if (value === undefined) return undefined
    if (typeof value === 'object') text += value.written
    // These would end the reference, begin another one, or give it a default.
    else if (/[{}]|:-/.test(value)) return void reportNotFillable(value, place, run)
    else text += value
  }
  return text
}

function reportNotFillable(value: string, place: Place, run: Run): true {
  run.report(finding('instance-not-in-reference', { value }, locationOf(place)))
  return true
}

/**
 * The value of a name. Returns the name itself if a later step reports the missing value, and undefined if this
 * function reported it.
 */
function valueOf(part: NamedPart, scope: Scope, place: Place, run: Run): string | { written: string } | undefined {
  const { name, field, written } = part
  const location = locationOf(place)
  if (name === 'environment' && field === undefined) {
    if (scope.environment === undefined) run.report(finding('environment-not-chosen', {}, location))
    return scope.environment
  }
  if (name === 'vhost' && field === undefined) {
    if (scope.vhost === undefined) run.report(finding('vhost-in-header', {}, location))
    return scope.vhost
  }
  const value = scope.instance.get(name)
  if (!value) {
    if (scope.instance.size === 0) return { written }
    const known = [...scope.instance.keys(), 'vhost', 'environment']
    const suggestion = suggest(name, known)
    run.report(finding('instance-unknown', { name, known, ...(suggestion !== undefined && { suggestion }) }, location))
    return undefined
  }
  const text = field === undefined ? value.text : value.fields?.get(field)
  if (text === undefined) {
    const fields = [...(value.fields?.keys() ?? [])]
    const suggestion = field === undefined ? undefined : suggest(field, fields)
    const args = {
      name,
      fields,
      ...(field !== undefined && { field }),
      ...(suggestion !== undefined && { suggestion }),
    }
    run.report(finding('instance-field', args, location))
  }
  return text
}
