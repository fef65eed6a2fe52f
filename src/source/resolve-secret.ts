import { Secret } from '../model/secret.ts'
import type { WrittenSecret } from '../model/topology.ts'
import { parseReferences } from './references.ts'
import { describeMissing, resolveReference, type ReferenceValues } from './resolve-reference.ts'

/**
 * The secret that stands in a file, its references resolved. When that is not possible, or the references come to an
 * empty text, which is never a meant password, `missing` says why in a phrase such as
 * `EMAIL_WORKER_PASSWORD is not set`.
 */
export async function resolveWrittenSecret(
  written: WrittenSecret,
  environment: ReferenceValues['environment'],
  variables: ReferenceValues['variables'],
  readFile?: ReferenceValues['readFile'],
): Promise<{ secret?: Secret; missing?: string }> {
  if (written.reference === undefined)
    return written.literal ? { secret: written.literal } : { missing: 'nothing is written' }
  const parsed = parseReferences(written.reference)
  if ('malformed' in parsed) return { missing: parsed.malformed.problem }
  const values: ReferenceValues = { environment, variables, ...(readFile && { readFile }) }
  const texts: string[] = []
  const missing: string[] = []
  const names: string[] = []
  for (const part of parsed.parts) {
    if (typeof part === 'string') {
      texts.push(part)
      continue
    }
    names.push(part.name)
    const result = await resolveReference(part, written.location.file, values)
    if ('text' in result) texts.push(result.text)
    else missing.push(describeMissing(result.missing))
  }
  if (missing.length > 0) return { missing: missing.join(', ') }
  const text = texts.join('')
  return text === '' ? { missing: `${names.join(', ')} is empty` } : { secret: new Secret(text) }
}
