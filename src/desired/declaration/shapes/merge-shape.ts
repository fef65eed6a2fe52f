import { finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import { locationOf, spotUsedBy, type Spot, type Use } from '../../source/places.ts'
import { isContainer, isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'

/** Tables that are not merged: a new one replaces the inherited one. */
const WHOLE: ReadonlySet<string> = new Set(['retry', 'deadLetter', 'message', 'reply', 'can', 'permissions'])

/** Properties that exclude each other: setting one removes the inherited others. */
const EITHER_OR: Readonly<Record<string, readonly (readonly string[])[]>> = {
  users: [
    ['can', 'permissions'],
    ['password', 'passwordHash'],
  ],
  publications: [['exchange', 'queue']],
  requests: [['exchange', 'queue']],
}

/** The kind of the upper table in a merge. */
export interface MergeRules {
  readonly section: string
  /** The object that the properties are for. */
  readonly use: Use
  /** The upper table belongs to the object itself: it is not copied, and its bindings are added. */
  readonly own: boolean
  /** The inherited properties that were left out because of the type of the queue. Null may still remove these. */
  readonly leftOut?: ReadonlySet<string>
}

/**
 * Merges properties over inherited ones by RFC 7386, with the exceptions of the format. The result is a new table, in
 * which each inherited part has the position in its own file and the name of the object.
 */
export function mergeShape(base: Table, upper: Table, rules: MergeRules, run: Run): Table {
  const merge = new ShapeMerge(rules, run)
  return merge.tables(base, upper, true)
}

class ShapeMerge {
  readonly #rules: MergeRules
  readonly #run: Run

  constructor(rules: MergeRules, run: Run) {
    this.#rules = rules
    this.#run = run
  }

  tables(base: Table, upper: Table, outermost: boolean): Table {
    const { places } = this.#run
    const merged: Table = Object.assign(newTable(), base)
    const spots = new Map<string | number, Spot>(places.spots(base))
    for (const [key, value] of Object.entries(upper)) {
      const spot = this.#spot(upper, key)
      if (value === null) {
        this.#remove(merged, spots, key, spot, outermost)
        continue
      }
      if (outermost) for (const other of this.#othersOf(key, base, upper)) forget(merged, spots, other)
      const inherited = merged[key]
      merged[key] = this.#value(key, inherited, value, outermost)
      if (!isTable(value) || inherited === undefined || (outermost && WHOLE.has(key))) spots.set(key, spot)
    }
    places.recordSpots(merged, this.#rules.own ? places.own(upper) : places.own(base), spots)
    return merged
  }

  #value(key: string, inherited: Tree | undefined, value: Tree, outermost: boolean): Tree {
    if (!isContainer(value)) return value
    if (Array.isArray(value)) {
      const added = outermost && this.#rules.own && key === 'bindings' && Array.isArray(inherited)
      return added ? this.#appended(inherited, value) : this.#taken(value)
    }
    const replaces = !isTable(inherited) || (outermost && WHOLE.has(key))
    return replaces ? this.#taken(value) : this.tables(inherited, value, false)
  }

  #appended(inherited: Tree[], own: Tree[]): Tree[] {
    const { places } = this.#run
    const all = [...inherited, ...own]
    const spots = [...places.spots(inherited).values(), ...places.spots(own).values()]
    places.recordSpots(all, places.own(own), new Map(spots.entries()))
    return all
  }

  /** Copies inherited values for each object, because their names get different values. */
  #taken(value: Table | Tree[]): Tree {
    return this.#rules.own ? value : copyFor(value, this.#rules.use, this.#run)
  }

  #remove(merged: Table, spots: Map<string | number, Spot>, key: string, spot: Spot, outermost: boolean): void {
    const leftOut = outermost && this.#rules.leftOut?.has(key)
    if (!(key in merged) && !leftOut) {
      const suggestion = suggest(key, Object.keys(merged))
      const args = { key, ...(suggestion !== undefined && { suggestion }) }
      this.#run.report(finding('null-removes-nothing', args, locationOf(spot.key)))
    }
    forget(merged, spots, key)
  }

  #othersOf(key: string, base: Table, upper: Table): string[] {
    const group = EITHER_OR[this.#rules.section]?.find((each) => each.includes(key)) ?? []
    const others = group.filter((each) => each !== key && !(each in upper))
    // An algorithm belongs to the hash next to it.
    const withHash = group.includes('passwordHash') && 'passwordHash' in base && !('hashingAlgorithm' in upper)
    return withHash ? [...others, 'hashingAlgorithm'] : others
  }

  #spot(upper: Table, key: string): Spot {
    const { places } = this.#run
    const own = places.own(upper)
    const spot = places.spot(upper, key) ?? { key: own, value: own }
    return this.#rules.own ? spot : spotUsedBy(spot, this.#rules.use)
  }
}

function forget(merged: Table, spots: Map<string | number, Spot>, key: string): void {
  delete merged[key]
  spots.delete(key)
}

function copyFor<T extends Tree>(value: T, use: Use, run: Run): T {
  if (!isContainer(value)) return value
  const copy: Table | Tree[] = Array.isArray(value) ? [] : newTable()
  run.places.recordCopy(copy, value, use)
  for (const [key, each] of Object.entries(value)) (copy as Record<string, Tree>)[key] = copyFor(each, use, run)
  return copy as T
}
