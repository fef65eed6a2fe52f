import { finding } from '../../../diagnostics/findings/finding.ts'
import type { FindingArguments, FindingCode } from '../../../diagnostics/findings/finding.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import { isTable, type Table, type Tree } from '../../source/tree.ts'
import { describeFound } from '../schema/wrong-value.ts'
import type { Run } from '../run.ts'
import { fillText } from './fill-text.ts'
import { RESERVED_NAMES, type InstanceValue, type Scope } from './scope.ts'

/** Reads the file of `lines`, given the full path of the file that names it and the path in it. */
export type ReadLines = (path: string, from: string) => Promise<{ readonly text: string } | { readonly reason: string }>

/** One instance: the value for each name of a `forEach`. */
export type Instance = ReadonlyMap<string, InstanceValue>

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/

/** Reads the lists of `forEach`. */
export class ForEachReader {
  readonly #readLines: ReadLines
  readonly #run: Run

  constructor(readLines: ReadLines, run: Run) {
    this.#readLines = readLines
    this.#run = run
  }

  /**
   * The instances of the `forEach` of a header or an entry: with several names, all combinations of their values, in
   * the order in the file. Undefined if it is invalid, which was reported.
   */
  async read(container: Table, scope: Scope): Promise<readonly Instance[] | undefined> {
    const { places, report } = this.#run
    const written = container['forEach'] ?? null
    const own = places.own(container)
    const spot = places.spot(container, 'forEach') ?? { key: own, value: own }
    if (!isTable(written) || Object.keys(written).length === 0) {
      const found = isTable(written) ? 'an empty table' : describeFound({ value: written, spot })
      report(finding('for-each-form', { found }, locationOf(spot.key)))
      return undefined
    }
    let instances: readonly Instance[] = [new Map()]
    let usable = true
    for (const name of Object.keys(written)) {
      const at = places.spot(written, name) ?? spot
      const values = this.#isUsableName(name, scope, at) ? await this.#values(name, written, at, scope) : undefined
      if (values) instances = instances.flatMap((each) => values.map((value) => new Map([...each, [name, value]])))
      else usable = false
    }
    return usable ? instances : undefined
  }

  #isUsableName(name: string, scope: Scope, spot: Spot): boolean {
    const problem = RESERVED_NAMES.has(name)
      ? 'is taken'
      : scope.instance.has(name)
        ? 'is taken by the header of the document'
        : NAME.test(name)
          ? undefined
          : 'is not possible in ${}'
    if (problem !== undefined) this.#find('for-each-name', { name, problem }, spot.key)
    return problem === undefined
  }

  async #values(name: string, table: Table, spot: Spot, scope: Scope): Promise<InstanceValue[] | undefined> {
    const list = table[name] ?? null
    if (Array.isArray(list)) return list.length === 0 ? [] : this.#ofList(name, list, scope)
    const text = await this.#textOf(list, spot, scope)
    if (text === undefined) {
      if (typeof list !== 'string' && !this.#isLines(list)) {
        this.#find('for-each-form', { found: `${describeFound({ value: list, spot })} for ${name}` }, spot.key)
      }
      return undefined
    }
    const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim())
    const values = lines.filter((line) => line !== '')
    if (values.length === 0) this.#find('for-each-empty', { name }, spot.value)
    return this.#unique(
      name,
      values.map((value, index) => ({ text: value, index, place: spot.value })),
    )
  }

  #isLines(value: Tree): value is { lines: string } {
    return isTable(value) && typeof value['lines'] === 'string' && Object.keys(value).length === 1
  }

  /** The text of `"${var:tenants}"` or `{ lines: tenants.txt }`. */
  async #textOf(list: Tree, spot: Spot, scope: Scope): Promise<string | undefined> {
    if (typeof list === 'string') {
      if (/^\$\{var:[^{}]+\}$/.test(list)) return this.#resolve(list, spot.value, scope)
      this.#find('for-each-form', { found: describeFound({ value: list, spot }) }, spot.value)
      return undefined
    }
    if (!this.#isLines(list)) return undefined
    const place = this.#run.places.spot(list, 'lines')?.value ?? spot.value
    const path = await this.#resolve(list.lines, place, scope)
    if (path === undefined) return undefined
    const read = await this.#readLines(path, place.source.path)
    if ('text' in read) return read.text
    this.#find('for-each-unreadable', { path, reason: read.reason }, place)
    return undefined
  }

  async #ofList(name: string, list: Tree[], scope: Scope): Promise<InstanceValue[] | undefined> {
    const values: InstanceValue[] = []
    for (const [index, item] of list.entries()) {
      const own = this.#run.places.own(list)
      const spot = this.#run.places.spot(list, index) ?? { key: own, value: own }
      const value = isTable(item) ? await this.#fields(name, item, scope) : await this.#scalar(name, item, spot, scope)
      if (value !== undefined) {
        values.push({ ...(typeof value === 'string' ? { text: value } : { fields: value }), index, place: spot.value })
      }
    }
    return values.length < list.length ? undefined : this.#unique(name, values)
  }

  async #fields(name: string, table: Table, scope: Scope): Promise<ReadonlyMap<string, string> | undefined> {
    const fields = new Map<string, string>()
    for (const [field, value] of Object.entries(table)) {
      const own = this.#run.places.own(table)
      const spot = this.#run.places.spot(table, field) ?? { key: own, value: own }
      const text = await this.#scalar(`${name}.${field}`, value, spot, scope)
      if (text !== undefined) fields.set(field, text)
    }
    return fields.size < Object.keys(table).length ? undefined : fields
  }

  /** A value as written: `01` and `1.10` are ordinary text. */
  async #scalar(name: string, value: Tree, spot: Spot, scope: Scope): Promise<string | undefined> {
    if (typeof value === 'string') return this.#resolve(value, spot.value, scope)
    if (typeof value === 'number' || typeof value === 'boolean') return asWritten(spot.value) ?? String(value)
    this.#find('for-each-value', { name, found: describeFound({ value, spot }) }, spot.value)
    return undefined
  }

  async #resolve(text: string, place: Place, scope: Scope): Promise<string | undefined> {
    if (!text.includes('${')) return text
    const filled = fillText(text, 'plain', scope, place, this.#run)
    return filled && (filled.alone ?? this.#run.references.resolveName(filled.text, place))
  }

  #unique(name: string, values: InstanceValue[]): InstanceValue[] {
    const seen = new Map<string, InstanceValue>()
    return values.filter((value) => {
      if (value.text === undefined) return true
      const first = seen.get(value.text)
      if (first) {
        const related = first.place === value.place ? [] : [{ label: 'first', location: locationOf(first.place) }]
        this.#run.report(finding('for-each-twice', { name, value: value.text }, locationOf(value.place), related))
      } else seen.set(value.text, value)
      return first === undefined
    })
  }

  #find<C extends FindingCode>(code: C, args: FindingArguments<C>, place: Place): void {
    this.#run.report(finding(code, args, locationOf(place)))
  }
}

/** The text of a number or a boolean in the file; undefined for an alias or a tag. */
function asWritten({ source, start, end }: Place): string | undefined {
  const text = source.text.slice(start, end)
  return /^[^&*!\s"'|>]\S*$/.test(text) ? text : undefined
}
