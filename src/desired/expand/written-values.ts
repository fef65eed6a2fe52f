import type { ReferencedText, Written } from '../declaration/document.ts'
import { parseDuration } from '../../model/values/duration.ts'
import { containsCredentials } from '../../model/secrets/mask-credentials.ts'
import { credentialRangesInValue, isSecretKey } from '../../diagnostics/credentials/uri-credentials.ts'
import { parseSize } from '../../model/values/size.ts'
import type { Declared, Topology } from '../../model/topology.ts'
import { type DerivedForm, replaceReferences, type WrittenValue } from '../../model/values/written-value.ts'

type Path = readonly (string | number)[]

/** Finds the values of a table or list that came from references, with their paths below `path`. */
export function writtenBelow(container: object, path: Path, written: Written, isSecret = false): WrittenValue[] {
  return Object.entries(container).flatMap(([name, value]) => {
    const key = Array.isArray(container) ? Number(name) : name
    return writtenAt(container, key, [...path, key], written, isSecret || isSecretKey(name), value)
  })
}

/** The same for one entry. */
export function writtenAt(
  container: object,
  key: string | number,
  path: Path,
  written: Written,
  isSecret = isSecretKey(String(key)),
  value: unknown = Reflect.get(container, key),
): WrittenValue[] {
  if (typeof value === 'object' && value !== null)
    return writtenBelow(value, path, written, isSecret && Array.isArray(value))
  const found = written(container, key)
  return found === undefined || holdsLiteralSecret(found.reference, isSecret) ? [] : [{ path, ...found }]
}

/** Stands for a reference while the surrounding text is checked. */
const REFERENCE = '\u{E000}'
const SCHEME = /[a-z][a-z0-9+.-]*:\/\//gi
/** Shorter texts between references are separators. */
const SHORTEST_SECRET = 4

/** Whether a string with references also contains at least a part of the secret literally. */
function holdsLiteralSecret(reference: string, isSecret: boolean): boolean {
  const text = replaceReferences(reference, REFERENCE)
  if (isSecret) return isLiteral(text)
  return credentialRangesInValue(text)
    .flatMap(({ start, end }) => loginsIn(text.slice(start, end)))
    .some((login) => isLiteral(login.slice(login.indexOf(':') + 1)))
}

/** Several URIs in one value are one range, from the first login to the last. */
function loginsIn(range: string): string[] {
  const parts = range.split(SCHEME)
  return parts.map((part, at) => (at === parts.length - 1 ? part : part.slice(0, Math.max(0, part.lastIndexOf('@')))))
}

function isLiteral(text: string): boolean {
  const literal = text.replaceAll(REFERENCE, '')
  return literal !== '' && (literal === text || literal.length >= SHORTEST_SECRET)
}

/**
 * Records the values of all objects that came from secret references, except for parameters, which record their own.
 */
export function noteSecretValues(topology: Topology, references: readonly ReferencedText[]): Topology {
  const secret = references.filter(
    ({ text, fromFile, reference }) =>
      text !== '' && (fromFile || containsCredentials(text)) && !holdsLiteralSecret(reference, false),
  )
  if (secret.length === 0) return topology
  const note = <T extends Declared>(object: T): T => {
    const found = secretsBelow(object, [], secret)
    return found.length === 0 ? object : { ...object, references: found }
  }
  const { parameters, globalParameters, ...others } = topology
  const noted = Object.entries(others).map(([kind, objects]) => [kind, (objects as readonly Declared[]).map(note)])
  return { ...(Object.fromEntries(noted) as typeof others), parameters, globalParameters }
}

const NO_VALUES = new Set(['origin', 'credential', 'references'])

function secretsBelow(container: object, path: Path, secret: readonly ReferencedText[]): WrittenValue[] {
  return Object.entries(container).flatMap(([name, value]: [string, unknown]): WrittenValue[] => {
    if (path.length === 0 && NO_VALUES.has(name)) return []
    const at = [...path, Array.isArray(container) ? Number(name) : name]
    if (typeof value === 'object' && value !== null) return secretsBelow(value, at, secret)
    for (const { text, reference, location } of secret) {
      if (value === text) return [{ path: at, reference, location }]
      const as = formOf(text, value)
      if (as !== undefined) return [{ path: at, reference, location, as }]
    }
    return []
  })
}

/** The conversion by which a declaration made a value from a string, if there was one. */
function formOf(text: string, value: unknown): DerivedForm | undefined {
  const duration = parseDuration(text)
  if (typeof value === 'string')
    return duration !== undefined && value === `${duration / 1_000}s` ? 'seconds' : undefined
  if (typeof value !== 'number') return undefined
  if (text.trim() !== '' && Number(text) === value) return 'number'
  if (duration === value) return 'duration'
  return parseSize(text) === value ? 'size' : undefined
}
