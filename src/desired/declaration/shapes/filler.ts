import { finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf, type Place, type Use } from '../../source/places.ts'
import { namesIn } from '../../source/references/named-text.ts'
import { isContainer, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { fillText } from './fill-text.ts'
import type { Scope } from './scope.ts'
import { contextOf, type TextPath } from './text-context.ts'

/** A value in a routing key that is a mistake if the exchange is a topic exchange. */
export interface KeyWithWildcard {
  /** The table with the routing key and its exchange. */
  readonly table: Table
  readonly value: string
  readonly place: Place
}

/** Copies declarations and replaces the names of a scope with their values. */
export class Filler {
  /** To be checked when the exchanges of the virtual host are known. */
  readonly wildcards: KeyWithWildcard[] = []
  readonly #run: Run

  constructor(run: Run) {
    this.#run = run
  }

  /** A copy of the value at `path` of a document, for one instance. It shares nothing with other copies. */
  copy<T extends Tree>(value: T, path: TextPath, scope: Scope, use: Use | undefined): T {
    if (!isContainer(value)) return value
    const { places } = this.#run
    const copy: Table | Tree[] = Array.isArray(value) ? [] : newTable()
    places.recordCopy(copy, value, use)
    const entries = Array.isArray(value) ? value.entries() : Object.entries(value)
    for (const [key, each] of entries) {
      if (typeof each === 'string') this.#fill(copy, key, each, [...path, key], scope)
      else set(copy, key, this.copy(each, [...path, key], scope, use))
    }
    return copy as T
  }

  /** Replaces the names of one text in place. */
  fillEntry(table: Table, key: string, path: TextPath, scope: Scope): void {
    const value = table[key]
    if (typeof value === 'string') this.#fill(table, key, value, path, scope)
  }

  #fill(container: Table | Tree[], key: string | number, written: string, path: TextPath, scope: Scope): void {
    set(container, key, written)
    if (!written.includes('${')) return
    const { places, references } = this.#run
    const place = places.spot(container, key)?.value ?? places.own(container)
    const context = contextOf(path, written)
    const filled = fillText(written, context, scope, place, this.#run)
    if (!filled) {
      references.noteFailed(container, key, written)
      return
    }
    set(container, key, filled.text)
    if (filled.alone !== undefined && filled.alone === filled.text) references.noteFilled(container, key, written)
    for (const value of filled.values) this.#checkKey(context, container, value, place)
  }

  #checkKey(context: string, container: Table | Tree[], value: string, place: Place): void {
    if (context !== 'routingKey' && context !== 'publishedKey') return
    if (/[*#]/.test(value) && !Array.isArray(container)) this.wildcards.push({ table: container, value, place })
    if (context === 'publishedKey' && /[{}]/.test(value)) {
      this.#run.report(finding('instance-in-publication-key', { value }, locationOf(place)))
    }
  }
}

/** The names in the texts below a value. */
export function namesBelow(value: Tree | undefined, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') for (const name of namesIn(value)) found.add(name)
  else if (isContainer(value)) for (const each of Object.values(value)) namesBelow(each, found)
  return found
}

function set(container: Table | Tree[], key: string | number, value: Tree): void {
  ;(container as Record<string | number, Tree>)[key] = value
}
