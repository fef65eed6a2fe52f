import type { ErrorObject } from 'ajv'
import type { Spot } from '../source/places.ts'
import { isContainer, newTable, type Table, type Tree } from '../source/tree.ts'
import { errorsOf } from './schema/check-schema.ts'
import type { Run } from './run.ts'
import { pathOf } from './schema/schema-findings.ts'
import { SECTIONS_OF_NAMES } from './sections.ts'

/**
 * Declarations that are incomplete because values were removed: the names of entries by section, and the indexes of a
 * list.
 */
export type Damaged = ReadonlyMap<string, ReadonlySet<string>>

// Removing a value may make a table incomplete, and so on up to the declaration itself.
const MOST_ROUNDS = 10

/**
 * Removes everything from a merged document, in place, that does not match the schema or has references without a
 * value. A declaration that becomes incomplete keeps only its name, because others may refer to it.
 */
export function dropInvalidValues(root: Table, run: Run): Damaged {
  const damaged = new Map<string, Set<string>>()
  const remove = (paths: readonly (readonly string[])[]): void => {
    for (const [section = '', name = ''] of paths) damaged.set(section, (damaged.get(section) ?? new Set()).add(name))
    removeAll(root, paths, run)
  }
  remove(unresolvedPaths(root, [], run))
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const errors = errorsOf(root)
    if (errors.length === 0) break
    remove(errors.flatMap(removablePath))
  }
  return damaged
}

function removablePath({ instancePath, keyword, schemaPath, params }: ErrorObject): (readonly string[])[] {
  if (keyword === 'if' || /\/oneOf\/\d/.test(schemaPath)) return []
  const path = pathOf(instancePath)
  return [keyword === 'additionalProperties' ? [...path, String(params['additionalProperty'])] : path]
}

function unresolvedPaths(container: Table | Tree[], path: readonly string[], run: Run): (readonly string[])[] {
  return Object.entries(container).flatMap(([key, value]) => {
    const at = [...path, key]
    if (isContainer(value)) return unresolvedPaths(value, at, run)
    return run.references.resolved(container, Array.isArray(container) ? Number(key) : key)?.failed ? [at] : []
  })
}

function removeAll(root: Table, paths: readonly (readonly string[])[], run: Run): void {
  const items = new Map<Tree[], Set<number>>()
  for (const path of paths) {
    const key = path.at(-1)
    const container = containerAt(root, path.slice(0, -1))
    if (key === undefined || container === undefined) continue
    if (Array.isArray(container)) items.set(container, (items.get(container) ?? new Set()).add(Number(key)))
    else if (path.length === 2 && SECTIONS_OF_NAMES.some((section) => section === path[0])) {
      container[key] = nothingButName(container, key, path[0], run)
    } else delete container[key]
  }
  for (const [list, indexes] of items) removeItems(list, indexes, run)
}

function containerAt(root: Table, path: readonly string[]): Table | Tree[] | undefined {
  let container: Table | Tree[] = root
  for (const key of path) {
    const value: Tree | undefined = (container as Record<string, Tree>)[key]
    if (!isContainer(value)) return undefined
    container = value
  }
  return container
}

function nothingButName(section: Table, name: string, kind: string | undefined, run: Run): Table {
  const table = newTable()
  if (kind === 'subscriptions') table['queue'] = ''
  if (kind === 'publications' || kind === 'requests') table['exchange'] = ''
  run.places.recordSpots(table, run.places.spot(section, name)?.key ?? run.places.own(section), new Map())
  return table
}

function removeItems(list: Tree[], indexes: ReadonlySet<number>, run: Run): void {
  const spots = run.places.spots(list)
  const kept = [...list.keys()].filter((index) => !indexes.has(index))
  const keptSpots = kept.map((index) => spots.get(index)).filter((spot): spot is Spot => spot !== undefined)
  const values = kept.map((index) => list[index] ?? null)
  list.splice(0, list.length, ...values)
  run.places.recordSpots(list, run.places.own(list), new Map(keptSpots.entries()))
}
