import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import { parseDuration } from '../../../model/values/duration.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import type { SecretRegistry } from '../../../model/secrets/secret-registry.ts'
import { parseSize } from '../../../model/values/size.ts'
import { withoutDefaults } from '../../../model/values/written-value.ts'
import type { ReferencedText, WrittenText } from '../document.ts'
import { isNameKey, listsNames } from './name-keys.ts'
import { locationOf, type Place, type Places } from '../../source/places.ts'
import { mayHoldReferences, parseReferences, type Reference } from '../../source/references/references.ts'
import { resolveReference, type MissingValue, type ReferenceValues } from '../../source/references/resolve-reference.ts'
import { isContainer, isTable, type Table, type Tree } from '../../source/tree.ts'

/** The result of resolving the references of a value. */
export interface ResolvedValue {
  /** The original value in the file. */
  readonly written: string
  /** Whether the value consists of a single reference, so that it may become a number or a boolean. */
  readonly alone: boolean
  /** Whether a reference had no value, which was reported. */
  readonly failed: boolean
  /** Its text and position in the file, without defaults; absent if a default is used. */
  readonly reference?: WrittenText
}

type Container = Table | Tree[]

/** Replaces references with their values in place, and records where. */
export class ReferenceResolver {
  /** The texts from `${file:}`. */
  readonly secrets: Secret[] = []
  /** All texts in which references were resolved without defaults. */
  readonly texts: ReferencedText[] = []
  readonly #registry: SecretRegistry | undefined
  readonly #values: ReferenceValues
  readonly #places: Places
  readonly #report: (found: Finding) => void
  readonly #visited = new Set<object>()
  readonly #containersOfNames = new Set<object>()
  readonly #resolved = new Map<object, Map<string | number, ResolvedValue>>()

  constructor(values: ReferenceValues, places: Places, report: (found: Finding) => void, registry?: SecretRegistry) {
    this.#registry = registry
    this.#values = values
    this.#places = places
    this.#report = report
  }

  /** The result of resolving the references of an entry; undefined if it contains none. */
  resolved(container: object, key: string | number): ResolvedValue | undefined {
    return this.#resolved.get(container)?.get(key)
  }

  /** Resolves all references below a container. A value that aliases share is resolved once. */
  async resolveAll(container: Container): Promise<void> {
    for (const [within, key] of this.#collect(container, [])) await this.resolveEntry(within, key)
  }

  /** Resolves the references of a list outside the sections, such as one in a header. */
  async resolveList(list: Tree[], key: string): Promise<void> {
    if (listsNames(key)) this.#containersOfNames.add(list)
    for (const index of list.keys()) await this.resolveEntry(list, index)
  }

  #collect(container: Container, found: [Container, string | number][]): [Container, string | number][] {
    if (this.#visited.has(container)) return found
    this.#visited.add(container)
    for (const [key, value] of entriesOf(container)) {
      if (isContainer(value)) {
        if (Array.isArray(value) && listsNames(key)) this.#containersOfNames.add(value)
        if (Array.isArray(value) && key === 'bindings') value.forEach((each) => this.#markArguments(each))
        this.#collect(value, found)
      } else if (typeof value === 'string' && mayHoldReferences(value)) found.push([container, key])
    }
    return found
  }

  /** The arguments of a binding are part of its address, which the record of its project contains. */
  #markArguments(binding: Tree): void {
    const table = isTable(binding) ? binding['arguments'] : undefined
    const found = isContainer(table) ? [table] : []
    for (const container of found) {
      if (this.#containersOfNames.has(container)) continue
      this.#containersOfNames.add(container)
      found.push(...entriesOf(container).flatMap(([, each]) => (isContainer(each) ? [each] : [])))
    }
  }

  /** Resolves the references of an entry that is a string. */
  async resolveEntry(container: Container, key: string | number): Promise<void> {
    const value = read(container, key)
    if (typeof value !== 'string' || !mayHoldReferences(value) || this.resolved(container, key)) return
    const parsed = this.#parse(container, key, value)
    const alone = parsed?.length === 1 && typeof parsed[0] === 'object'
    this.#remember(container, key, { written: value, alone, failed: !parsed })
    if (!parsed) return
    const place = this.#placeOf(container, key)
    if (this.#refusesSecretName(container, key, parsed, place)) {
      this.#remember(container, key, { written: value, alone, failed: true })
      return
    }
    const texts: string[] = []
    let byDefault = false
    for (const part of parsed) {
      const found = typeof part === 'string' ? { text: part } : await this.#resolveReference(part, place)
      if (found === undefined) continue
      texts.push(found.text)
      byDefault ||= 'byDefault' in found && found.text !== ''
    }
    if (texts.length !== parsed.length) {
      this.#remember(container, key, { written: value, alone, failed: true })
      return
    }
    const text = this.#joined(texts, parsed)
    write(container, key, text)
    if (byDefault || parsed.every((part) => typeof part === 'string')) return
    const reference = { reference: withoutDefaults(value), location: locationOf(place) }
    this.#remember(container, key, { written: value, alone, failed: false, reference })
    this.texts.push({ ...reference, text, fromFile: parsed.some(isFile) })
  }

  /** A value from a file is never shown, but a broker shows names to all users. */
  #refusesSecretName(
    container: Container,
    key: string | number,
    parts: readonly (string | Reference)[],
    place: Place,
  ): boolean {
    if (!isNameKey(key) && !this.#containersOfNames.has(container)) return false
    const fromFile = parts.find((part) => typeof part === 'object' && part.kind === 'file')
    if (typeof fromFile !== 'object') return false
    const location = locationOf(placeWithin(place, fromFile.written))
    this.#report(finding('file-in-name', { reference: fromFile.written }, location))
    return true
  }

  #joined(texts: readonly string[], parts: readonly (string | Reference)[]): string {
    const text = texts.join('')
    // A number such as `${file:seconds}s` does not contain the text of the file.
    const measure = parseDuration(text) ?? parseSize(text)
    const secret = parts.some(isFile)
    if (secret && measure !== undefined) this.#addSecret(text)
    else if (secret) this.#registry?.addDeclared(text)
    return text
  }

  #addSecret(text: string): void {
    if (text === '') return
    this.secrets.push(new Secret(text))
    this.#registry?.addDeclared(text)
  }

  /**
   * Resolves a string that is a name or a part of names, such as a key. Undefined if it has no value, which is reported
   * unless `quiet` is set.
   */
  async resolveName(text: string, place: Place, quiet = false): Promise<string | undefined> {
    const report = (found: Finding): undefined => {
      if (!quiet) this.#report(found)
      return undefined
    }
    const parsed = parseReferences(text)
    if ('malformed' in parsed) {
      const { problem, hint, written } = parsed.malformed
      return report(finding('reference-malformed', { problem, hint }, locationOf(placeWithin(place, written))))
    }
    let name = ''
    for (const part of parsed.parts) {
      if (typeof part === 'string') {
        name += part
        continue
      }
      const within = placeWithin(place, part.written)
      if (part.kind === 'file') {
        return report(finding('file-in-name', { reference: part.written }, locationOf(within)))
      }
      const result = await resolveReference(part, place.source.path, this.#values)
      if ('missing' in result) return report(missingFinding(result.missing, within))
      name += result.text
    }
    return name
  }

  /** Records that a value replaced a name that was the whole text, so that it may become a number or a boolean. */
  noteFilled(container: Container, key: string | number, written: string): void {
    this.#remember(container, key, { written, alone: true, failed: false })
  }

  /** Records that an entry has no value, which was already reported. */
  noteFailed(container: Container, key: string | number, written: string): void {
    this.#remember(container, key, { written, alone: false, failed: true })
  }

  /** Copies the records about references from a table to another one that was made from it. */
  carry(from: object, to: object): void {
    const known = this.#resolved.get(from)
    if (known) this.#resolved.set(to, new Map([...(this.#resolved.get(to) ?? []), ...known]))
  }

  /** Copies the record about the references of one entry. */
  carryEntry(from: object, to: object, key: string | number): void {
    const known = this.resolved(from, key)
    if (known) this.#remember(to, key, known)
  }

  /** Removes the record about the references of an entry, because another value replaces it. */
  forget(container: object, key: string | number): void {
    this.#resolved.get(container)?.delete(key)
  }

  /** Reports references that are malformed, without resolving any. */
  check(container: Container, key: string | number): void {
    const value = read(container, key)
    if (typeof value === 'string' && mayHoldReferences(value)) this.#parse(container, key, value)
  }

  #parse(container: Container, key: string | number, value: string): readonly (string | Reference)[] | undefined {
    const parsed = parseReferences(value)
    if ('parts' in parsed) return parsed.parts
    const { problem, hint, written } = parsed.malformed
    const place = placeWithin(this.#placeOf(container, key), written)
    this.#report(finding('reference-malformed', { problem, hint }, locationOf(place)))
    return undefined
  }

  async #resolveReference(
    reference: Reference,
    place: Place,
  ): Promise<{ readonly text: string; readonly byDefault?: true } | undefined> {
    const result = await resolveReference(reference, place.source.path, this.#values)
    if ('missing' in result) {
      this.#report(missingFinding(result.missing, placeWithin(place, reference.written)))
      return undefined
    }
    if (reference.kind === 'file') this.#addSecret(result.text)
    return result
  }

  #placeOf(container: Container, key: string | number): Place {
    return this.#places.spot(container, key)?.value ?? this.#places.own(container)
  }

  #remember(container: object, key: string | number, value: ResolvedValue): void {
    const known = this.#resolved.get(container) ?? new Map<string | number, ResolvedValue>()
    this.#resolved.set(container, known.set(key, value))
  }
}

function isFile(part: string | Reference): boolean {
  return typeof part === 'object' && part.kind === 'file'
}

function missingFinding(missing: MissingValue, place: Place): Finding {
  const location = locationOf(place)
  switch (missing.kind) {
    case 'env':
      return finding('environment-variable-not-set', { name: missing.name }, location)
    case 'var':
      return finding('variable-not-given', { name: missing.name }, location)
    case 'file':
      return finding('referenced-file-unreadable', { path: missing.name, reason: missing.reason }, location)
  }
}

/**
 * The position of `written` within that of a value, or the position of the whole value if escapes or folded lines
 * hide it.
 */
function placeWithin(place: Place, written: string): Place {
  const { source, start, end } = place
  const at = source.text.slice(start, end).indexOf(written)
  return at < 0 ? place : { ...place, start: start + at, end: start + at + written.length }
}

function entriesOf(container: Container): [string | number, Tree][] {
  return Array.isArray(container) ? [...container.entries()] : Object.entries(container)
}

function read(container: Container, key: string | number): Tree | undefined {
  return (container as Record<string | number, Tree>)[key]
}

function write(container: Container, key: string | number, value: Tree): void {
  ;(container as Record<string | number, Tree>)[key] = value
}
