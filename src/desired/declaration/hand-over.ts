import { finding } from '../../diagnostics/findings/finding.ts'
import type { HandOver } from '../../model/desired.ts'
import { locationOf, type Place } from '../source/places.ts'
import type { Table } from '../source/tree.ts'
import { checkName } from './names.ts'
import type { Run } from './run.ts'
import { nodeOfKey } from './schema/schema.ts'
import { wrongValue } from './schema/wrong-value.ts'

/** A project that a header names in addition to its own. */
export interface NamedProject {
  readonly name: string
  readonly place: Place
}

/** The header keys of one document about objects of other projects. */
export interface HandOverHeader {
  readonly takesOver: readonly NamedProject[]
  readonly renamedFrom?: NamedProject
}

/** Reads `takesOver` and `projectRenamedFrom` of a header, and reports invalid values. */
export async function readHandOver(root: Table, run: Run): Promise<HandOverHeader> {
  const takesOver = await readTakesOver(root, run)
  const written = root['projectRenamedFrom']
  if (written === undefined) return { takesOver }
  await run.references.resolveEntry(root, 'projectRenamedFrom')
  const name = readName(root, 'projectRenamedFrom', 'projectRenamedFrom', run)
  return name === undefined ? { takesOver } : { takesOver, renamedFrom: name }
}

async function readTakesOver(root: Table, run: Run): Promise<NamedProject[]> {
  const list = root['takesOver']
  if (list === undefined) return []
  if (!Array.isArray(list)) {
    reportWrong(root, 'takesOver', 'takesOver', run)
    return []
  }
  await run.references.resolveList(list, 'takesOver')
  return [...list.keys()].flatMap((index) => readName(list, index, 'takesOver', run) ?? [])
}

function readName(
  container: Table | Table[string][],
  key: string | number,
  what: string,
  run: Run,
): NamedProject | undefined {
  const name = (container as Record<string | number, Table[string]>)[key]
  if (typeof name !== 'string') {
    reportWrong(container, key, what, run)
    return undefined
  }
  if (run.references.resolved(container, key)?.failed) return undefined
  const place = run.places.spot(container, key)?.value ?? run.places.own(container)
  checkName('project', name, locationOf(place), run)
  return { name, place }
}

function reportWrong(container: object, key: string | number, what: string, run: Run): void {
  const own = run.places.own(container)
  const spot = run.places.spot(container, key) ?? { key: own, value: own }
  const value = (container as Record<string | number, Table[string]>)[key] ?? null
  const { items, ...node } = nodeOfKey(what)
  run.report(wrongValue({ what, value, spot }, typeof key === 'number' && items !== undefined ? items : node))
}

/**
 * Combines the headers of all documents. Reports documents that name different former projects, and a project that
 * would take over from itself.
 */
export function handOverOf(
  project: string | undefined,
  headers: readonly HandOverHeader[],
  run: Run,
): HandOver | undefined {
  const taken = headers.flatMap(({ takesOver }) => takesOver)
  const renamed = headers.flatMap(({ renamedFrom }) => renamedFrom ?? [])
  for (const [key, all] of [['takesOver', taken] as const, ['projectRenamedFrom', renamed] as const]) {
    for (const { name, place } of all)
      if (name === project) run.report(finding('hand-over-to-itself', { key, project: name }, locationOf(place)))
  }
  const [first, ...others] = renamed
  for (const { name, place } of others) {
    if (first === undefined || name === first.name) continue
    const related = [{ label: 'the other name', location: locationOf(first.place) }]
    const args = { project: name, first: first.name }
    run.report(finding('former-project-differs', args, locationOf(place), related))
  }
  if (taken.length === 0 && first === undefined) return undefined
  return {
    takesOver: [...new Set(taken.map(({ name }) => name))].toSorted(),
    ...(first && { renamedFrom: first.name }),
  }
}
