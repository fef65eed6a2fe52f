import { finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf, spotUsedBy, type Spot } from '../../source/places.ts'
import { namesIn } from '../../source/references/named-text.ts'
import { isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { ADMINISTRATIVE_SECTIONS, KIND_OF_SECTION, USER_SETTINGS } from '../sections.ts'
import { fillText } from './fill-text.ts'
import { namesBelow, type Filler } from './filler.ts'
import type { ForEachReader } from './for-each.ts'
import { scopeWith, signatureOf, useOfInstance, type Scope } from './scope.ts'

/** The sections whose values belong to the broker, so that `forEach` has no special meaning in them. */
const RAW_SECTIONS: ReadonlySet<string> = new Set(['parameters', 'globalParameters', 'federationUpstreamSets'])

/** The data for creating the instances of a document. */
export interface InstanceTools {
  readonly filler: Filler
  readonly forEach: ForEachReader
  /** With `ignore`, values for sections that only an administrator needs may be missing. */
  readonly users: 'check' | 'ignore'
  readonly run: Run
}

/** An entry that an earlier instance declared. */
interface Declared {
  /** The table and key that it was written with. */
  readonly table: object
  readonly key: string
  readonly scope: Scope
  readonly spot: Spot
}

/** An entry of a document, as written and for one instance. */
interface Entry {
  readonly section: string
  readonly table: Table
  readonly key: string
  readonly value: Tree
  readonly name: string
  readonly scope: Scope
  readonly spot: Spot
}

/** Makes the sections of each instance of one document. */
export class Instances {
  readonly #tools: InstanceTools
  /** By vhost, section and name. A name without a value of the instance counts once. */
  readonly #declared = new Map<string, Declared>()
  /** Users and global parameters, which belong to the whole broker. */
  readonly #ofBroker = new Map<string, Declared>()
  readonly #once = new Set<string>()
  readonly #namesBelow = new Map<object, ReadonlySet<string>>()

  constructor(tools: InstanceTools) {
    this.#tools = tools
  }

  /** Whether an instance is the first one of its document in a virtual host, judged by the given names. */
  isFirst(what: string, scope: Scope, names: Iterable<string>): boolean {
    const id = [scope.vhost, what, signatureOf(scope, names)].join('\0')
    const isFirst = !this.#once.has(id)
    this.#once.add(id)
    return isFirst
  }

  /** One section for one instance. */
  async section(section: string, value: Tree, scope: Scope): Promise<Tree> {
    if (isTable(value)) return this.#table(section, value, [section], scope)
    return Array.isArray(value) ? this.#list(section, value, scope) : value
  }

  #list(section: string, list: Tree[], scope: Scope): Tree[] {
    const { run, filler } = this.#tools
    const use = useOfInstance(scope)
    const items: Tree[] = []
    const spots = new Map<string | number, Spot>()
    for (const [index, item] of list.entries()) {
      const names = this.#namesOf(item).filter((name) => scope.instance.has(name))
      if (scope.instance.size > 0 && !this.isFirst(`${section} ${index}`, scope, names)) continue
      const spot = run.places.spot(list, index)
      if (spot) spots.set(items.length, spotUsedBy(spot, use))
      items.push(filler.copy(item, [section, index], scope, use))
    }
    run.places.recordSpots(items, run.places.own(list), spots)
    return items
  }

  async #table(section: string, table: Table, path: readonly string[], scope: Scope): Promise<Table> {
    const { places } = this.#tools.run
    const filled = newTable()
    const spots = new Map<string | number, Spot>()
    const texts: Entry[] = []
    for (const [key, written] of Object.entries(table)) {
      const own = places.own(table)
      const spot = places.spot(table, key) ?? { key: own, value: own }
      for (const [each, value] of await this.#entries(section, key, written, spot, scope)) {
        const use = useOfInstance(each)
        const name = await this.#name(section, key, each, spot)
        const entry: Entry = { section, table, key, value, name, scope: each, spot: spotUsedBy(spot, use) }
        const kept = await this.#entry(entry, path)
        if (kept === undefined) continue
        filled[name] = kept
        spots.set(name, entry.spot)
        if (typeof kept === 'string') texts.push(entry)
      }
    }
    places.recordSpots(filled, places.own(table), spots)
    // The value of a parameter may be a string itself.
    for (const { name, scope: each } of texts) this.#tools.filler.fillEntry(filled, name, [...path, name], each)
    return filled
  }

  /** The scopes that an entry is declared for: several if it has a `forEach`. */
  async #entries(section: string, key: string, value: Tree, spot: Spot, scope: Scope): Promise<[Scope, Tree][]> {
    if (RAW_SECTIONS.has(section) || !isTable(value) || !('forEach' in value)) return [[scope, value]]
    const { forEach, run } = this.#tools
    const { forEach: lists, ...rest } = value
    const single: Table = Object.assign(newTable(), rest)
    run.places.recordCopy(single, value)
    const instances = await forEach.read(value, scope)
    const inKey = new Set(namesIn(key))
    const missing = isTable(lists) ? Object.keys(lists).find((name) => !inKey.has(name)) : undefined
    if (instances !== undefined && missing !== undefined) {
      run.report(finding('for-each-not-in-key', { name: missing }, locationOf(spot.key)))
      return []
    }
    return (instances ?? []).map((instance) => [scopeWith(scope, instance), single])
  }

  /** The name of a key after names were replaced. If a value is missing, which is reported, returns the key itself. */
  async #name(section: string, key: string, scope: Scope, spot: Spot): Promise<string> {
    if (!key.includes('${')) return key
    const { run, users } = this.#tools
    const place = spotUsedBy(spot, useOfInstance(scope)).key
    const filled = fillText(key, 'plain', scope, place, run)
    if (filled === undefined) return key
    const quiet = users === 'ignore' && ADMINISTRATIVE_SECTIONS.has(section)
    return (await run.references.resolveName(filled.text, place, quiet)) ?? key
  }

  async #entry(entry: Entry, path: readonly string[]): Promise<Tree | undefined> {
    const { section, name, scope, value } = entry
    if (section === 'parameters' && path.length === 1 && isTable(value)) {
      return this.#table(section, value, [...path, name], scope)
    }
    const id = [scope.vhost, ...path, name].join('\0')
    const first = this.#declared.get(id)
    if (first) {
      this.#again(first, entry)
      return undefined
    }
    this.#declared.set(id, entry)
    const elsewhere = this.#elsewhere(entry)
    if (elsewhere === 'declared') return undefined
    const part = elsewhere === 'set' && isTable(value) ? this.#without(value, USER_SETTINGS) : value
    const copy = this.#tools.filler.copy(part, [...path, name], scope, useOfInstance(scope))
    return section === 'users' && isTable(copy) ? this.#withTopicPermissions(copy, value, path, entry) : copy
  }

  /**
   * Handles a second entry with the same name in one vhost: the same entry if its name contains no value of the
   * instance, or a duplicate.
   */
  #again(first: Declared, entry: Entry): void {
    if (isSame(first, entry)) {
      this.#reportDifference(entry, this.#differing(first, entry, this.#namesOf(entry.value)))
      return
    }
    const what = `the ${KIND_OF_SECTION[entry.section] ?? entry.section} ${JSON.stringify(entry.name)}`
    const related = [{ label: 'declared first', location: locationOf(first.spot.key) }]
    this.#tools.run.report(finding('declared-twice', { what }, locationOf(entry.spot.key), related))
  }

  /** Whether an instance in another virtual host has already declared this broker-wide object or set its properties. */
  #elsewhere(entry: Entry): 'declared' | 'set' | undefined {
    const { section, name, value } = entry
    if (section !== 'users' && section !== 'globalParameters') return undefined
    const id = `${section}\0${name}`
    const first = this.#ofBroker.get(id)
    if (first === undefined) this.#ofBroker.set(id, entry)
    if (first === undefined || !isSame(first, entry)) return undefined
    const settings = section === 'users' && isTable(value) ? USER_SETTINGS.map((key) => value[key]) : [value]
    const names = new Set(settings.flatMap((each) => [...namesBelow(each)]))
    this.#reportDifference(entry, this.#differing(first, entry, [...names]))
    return section === 'users' ? 'set' : 'declared'
  }

  #reportDifference({ section, name, spot }: Entry, names: readonly string[]): void {
    if (names.length === 0) return
    const what = `the ${KIND_OF_SECTION[section] ?? section} ${JSON.stringify(name)}`
    this.#tools.run.report(finding('instances-differ', { what, names }, locationOf(spot.key)))
  }

  #differing(first: Declared, { scope }: Entry, names: readonly string[]): string[] {
    return names.filter((name) =>
      name === 'vhost'
        ? first.scope.vhost !== scope.vhost
        : first.scope.instance.get(name)?.index !== scope.instance.get(name)?.index,
    )
  }

  #without(value: Table, keys: readonly string[]): Table {
    const rest = Object.entries(value).filter(([key]) => !keys.includes(key))
    const copy: Table = Object.assign(newTable(), Object.fromEntries(rest))
    this.#tools.run.places.recordCopy(copy, value)
    return copy
  }

  /** The keys of topic permissions are names of exchanges. */
  async #withTopicPermissions(copy: Table, written: Tree, path: readonly string[], entry: Entry): Promise<Table> {
    const topics = isTable(written) ? written['topicPermissions'] : undefined
    if (!isTable(topics) || !Object.keys(topics).some((key) => key.includes('${'))) return copy
    const { places } = this.#tools.run
    const filled = newTable()
    const spots = new Map<string | number, Spot>()
    for (const [key, value] of Object.entries(topics)) {
      const own = places.own(topics)
      const use = useOfInstance(entry.scope)
      const spot = spotUsedBy(places.spot(topics, key) ?? { key: own, value: own }, use)
      const name = await this.#name('users', key, entry.scope, spot)
      const first = spots.get(name)
      if (first) {
        const related = [{ label: 'declared first', location: locationOf(first.key) }]
        const what = `the topic permissions on ${JSON.stringify(name)}`
        this.#tools.run.report(finding('declared-twice', { what }, locationOf(spot.key), related))
        continue
      }
      const at = [...path, entry.name, 'topicPermissions', name]
      filled[name] = this.#tools.filler.copy(value, at, entry.scope, use)
      spots.set(name, spot)
    }
    places.recordSpots(filled, places.own(topics), spots)
    return Object.assign(copy, { topicPermissions: filled })
  }

  #namesOf(value: Tree): string[] {
    if (typeof value !== 'object' || value === null) return [...namesBelow(value)]
    const known = this.#namesBelow.get(value) ?? namesBelow(value)
    this.#namesBelow.set(value, known)
    return [...known]
  }
}

/**
 * Whether two instances of a document declare the same entry, because its key contains no value in which they differ.
 */
function isSame(first: Declared, { table, key, scope }: Entry): boolean {
  const names = namesIn(key)
  return first.table === table && first.key === key && signatureOf(first.scope, names) === signatureOf(scope, names)
}
