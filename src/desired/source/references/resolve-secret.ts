import { Secret } from '../../../model/secrets/secret.ts'
import type { WrittenSecret } from '../../../model/topology.ts'
import { parseReferences } from './references.ts'
import { describeMissing, resolveReference, type ReferenceValues } from './resolve-reference.ts'

/**
 * Resolves a secret with references. If that is not possible, or the result is empty, which is never an intended
 * password, `missing` contains the reason as a phrase such as `EMAIL_WORKER_PASSWORD is not set`.
 */
export async function resolveWrittenSecret(
  written: WrittenSecret,
  environment: ReferenceValues['environment'],
  variables: ReferenceValues['variables'],
  readFile?: ReferenceValues['readFile'],
): Promise<{ secret?: Secret; missing?: string; byDefault?: true }> {
  if (written.reference === undefined)
    return written.literal ? { secret: written.literal } : { missing: 'nothing is written' }
  const { text, names, missing, byDefault } = await resolveText(written.reference, written.location.file, {
    environment,
    variables,
    ...(readFile && { readFile }),
  })
  if (text === undefined) return { missing: missing ?? 'it has no value' }
  if (text === '') return { missing: `${names.join(', ')} is empty` }
  return { secret: new Secret(text), ...(byDefault && { byDefault }) }
}

/** The result of resolving the references of a string. */
export interface ResolvedText {
  /** Absent if a value is missing; `missing` then names it. */
  readonly text?: string
  readonly missing?: string
  /** The names in the references. */
  readonly names: readonly string[]
  /** Whether a default is used. */
  readonly byDefault?: true
}

/** Resolves the references of a string in a file. */
export async function resolveText(reference: string, file: string, values: ReferenceValues): Promise<ResolvedText> {
  const parsed = parseReferences(reference)
  if ('malformed' in parsed) return { missing: parsed.malformed.problem, names: [] }
  const texts: string[] = []
  const missing: string[] = []
  const names: string[] = []
  let byDefault = false
  for (const part of parsed.parts) {
    if (typeof part === 'string') {
      texts.push(part)
      continue
    }
    names.push(part.name)
    const result = await resolveReference(part, file, values)
    if ('missing' in result) missing.push(describeMissing(result.missing))
    else {
      texts.push(result.text)
      byDefault ||= result.byDefault === true && result.text !== ''
    }
  }
  if (missing.length > 0) return { missing: missing.join(', '), names }
  return { text: texts.join(''), names, ...(byDefault && { byDefault }) }
}
