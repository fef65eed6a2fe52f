import type { Location } from '../../diagnostics/location.ts'

/** A value of a declared object that came from references such as `${env:NAME}`. */
export interface WrittenValue {
  /** Its path in the object, such as `['value', 'src-uri']`. */
  readonly path: readonly (string | number)[]
  /** The text of the file with its references, without their defaults. */
  readonly reference: string
  /** Its position in the file: `${file:}` is relative to it. */
  readonly location: Location
  /** How the declaration converts the text. Default: it remains text. */
  readonly as?: DerivedForm
}

/** How a declaration converts a string: `5s` becomes 5000, or stays `5s` as the age of a stream. */
export type DerivedForm = 'number' | 'duration' | 'size' | 'seconds'

/** `$${` is an escaped `${`, so it does not begin a reference. */
const WITH_DEFAULT = /\$\$\{|\$\{env:((?:(?!:-)[^}])+):-[^}]*\}/g
const REFERENCE = /\$\$\{|\$\{[^}]*\}/g

/** A string with references, without the defaults in them: a default of a secret is a secret too. */
export function withoutDefaults(text: string): string {
  return text.replace(WITH_DEFAULT, (whole, name?: string) => (name === undefined ? whole : `\${env:${name}}`))
}

/** Shorter texts between references are separators. */
const SHORTEST_SECRET = 4

/** Whether a string contains a secret outside its references. */
export function containsWrittenSecret(text: string): boolean {
  return replaceReferences(text, '').length >= SHORTEST_SECRET
}

/** The part of a secret text that may be shown: only its references, without their defaults. */
export function shownReference(text: string): string {
  return containsWrittenSecret(text) ? `(secret)${referencesIn(withoutDefaults(text)).join('')}` : withoutDefaults(text)
}

/** The defaults in the references of a string. */
export function defaultsIn(text: string): string[] {
  return [...text.matchAll(WITH_DEFAULT)].flatMap(({ 0: whole, 1: name }) =>
    name === undefined ? [] : [whole.slice(`\${env:${name}:-`.length, -1)],
  )
}

/** The references in a string, as written. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].flatMap(({ 0: whole }) => (whole === '$${' ? [] : [whole]))
}

/** Replaces each reference in a string with another text. */
export function replaceReferences(text: string, by: string): string {
  return text.replace(REFERENCE, (whole) => (whole === '$${' ? '${' : by))
}

/** The value at a path of plain data; undefined if the path does not exist. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (each, key) =>
      typeof each === 'object' && each !== null && Object.hasOwn(each, key)
        ? (each as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    value,
  )
}

/** A copy of plain data with another value at a path; unchanged if the path does not exist. */
export function replaceAt(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value
  if (Array.isArray(value)) return value.map((each, at) => (at === key ? replaceAt(each, rest, by) : each))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === key ? replaceAt(each, rest, by) : each]),
  )
}
