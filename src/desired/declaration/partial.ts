import { explainFinding, type Finding } from '../../diagnostics/findings/finding.ts'
import type { Places } from '../source/places.ts'
import { isContainer, type Table } from '../source/tree.ts'
import type { Declaration } from './document.ts'
import { dropInvalidValues, type Damaged } from './drop-invalid-values.ts'
import type { Run } from './run.ts'
import { declarationOf } from './to-declaration.ts'
import type { VhostTree } from './merge/vhost-tree.ts'

/** The usable rest of documents with mistakes, in which later stages can search for more mistakes. */
export interface PartialDeclaration {
  /** Without invalid values. An incomplete declaration has only its name. */
  readonly declaration: Declaration
  /** Whether a finding of a later stage is not just a consequence of a removed value. */
  readonly isCertain: (found: Finding) => boolean
}

// These are separate mistakes, even if the declaration has others.
const REFERENCES = new Set<Finding['code']>(['unknown-exchange', 'unknown-queue', 'unknown-route'])

/** Removes invalid values from merged documents, which cannot be used for anything else afterwards. */
export function partialDeclaration(
  trees: readonly VhostTree[],
  project: string,
  users: 'check' | 'ignore',
  run: Run,
): PartialDeclaration {
  // An incomplete declaration has an empty name.
  const names = new Set([''])
  const lines = new Set<string>()
  let claimsDamaged = false
  for (const { root } of trees) {
    const before = new Map(Object.entries(root))
    const damaged = dropInvalidValues(root, run)
    claimsDamaged ||= damaged.has('vhost')
    for (const section of damaged.values()) for (const name of section) names.add(name)
    noteLines(before, damaged, lines, run.places)
  }
  return {
    declaration: declarationOf(trees, project, users, run),
    isCertain: (found) => {
      const { location } = found
      if (explainFinding(found).severity !== 'error' || (claimsDamaged && found.code === 'type-required')) return false
      const inDamaged = location !== undefined && lines.has(`${location.file} ${location.line}`)
      return (REFERENCES.has(found.code) || !inDamaged) && !mentions(found.args, names)
    },
  }
}

/** Records the lines of the declarations from which something was removed. */
function noteLines(
  sections: ReadonlyMap<string, Table[string]>,
  damaged: Damaged,
  lines: Set<string>,
  places: Places,
): void {
  for (const [section, names] of damaged) {
    const container = sections.get(section)
    if (!isContainer(container) || Array.isArray(container)) continue
    for (const name of names) {
      const spot = places.spot(container, name)
      if (!spot) continue
      const { source, start } = spot.key
      const first = source.locate(start, start).line
      const { end } = spot.value.source === source ? spot.value : spot.key
      // The range of a table with several lines ends at the line after it.
      const lastAt = start + source.text.slice(start, end).trimEnd().length
      const last = source.locate(lastAt, lastAt).line
      for (let line = first; line <= last; line++) lines.add(`${source.path} ${line}`)
    }
  }
}

/** Whether the arguments of a finding contain a name, or that of a derived object, such as its dead-letter queue. */
function mentions(args: unknown, names: ReadonlySet<string>): boolean {
  if (typeof args === 'string') {
    if (names.has(args)) return true
    for (let dot = args.indexOf('.'); dot >= 0; dot = args.indexOf('.', dot + 1)) {
      if (names.has(args.slice(0, dot))) return true
    }
    return false
  }
  if (typeof args !== 'object' || args === null) return false
  return Object.entries(args).some(([key, each]) => key !== 'suggestion' && mentions(each, names))
}
