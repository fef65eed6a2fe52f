import { editYaml } from '../../desired/source/yaml/edit-yaml.ts'
import { compareLocations, instanceOf, type Location, usesOf } from '../../diagnostics/location.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import type { Linted } from './lint.ts'

/** A finding that was fixed. */
export interface FixedFinding {
  readonly rule: string
  readonly location: Location
  /** Such as `removed the comment`. */
  readonly done: string
}

/** The texts of files after fixes. */
export interface LintFixes {
  /** By the path of the file; only files that differ. */
  readonly texts: ReadonlyMap<string, string>
  /** By place. */
  readonly fixed: readonly FixedFinding[]
}

/**
 * Computes certain fixes, and writes nothing. A finding is fixed only if every run that reads its file has it, because
 * another environment may need an entry that is redundant in this one. Entries that a template or `forEach` repeats are
 * not fixed.
 */
export function fixLint(runs: readonly Pick<Linted, 'findings' | 'sources'>[]): LintFixes {
  const texts = new Map<string, string>()
  const fixed: FixedFinding[] = []
  // From the end of each file, so that an edit does not move the places that are still to be edited.
  for (const { rule, location, fix } of certainFixes(runs).toSorted((a, b) =>
    compareLocations(b.location, a.location),
  )) {
    const text = texts.get(location.file) ?? runs.map(({ sources }) => sources.get(location.file)).find(Boolean)
    const edited = text === undefined ? undefined : editYaml(text, location, fix.edit)
    if (edited === undefined) continue
    texts.set(location.file, edited)
    fixed.push({ rule, location, done: fix.done })
  }
  return { texts, fixed: fixed.toReversed() }
}

type Fixable = LintFinding & Required<Pick<LintFinding, 'location' | 'fix'>>

function certainFixes(runs: readonly Pick<Linted, 'findings' | 'sources'>[]): readonly Fixable[] {
  const found = new Map<string, { readonly finding: Fixable; readonly runs: Set<unknown> }>()
  for (const run of runs) {
    for (const finding of run.findings.filter(isFixable)) {
      const { rule, location, fix } = finding
      const key = JSON.stringify([rule, location.file, location.line, location.column, fix.edit])
      const known = found.get(key) ?? { finding, runs: new Set() }
      known.runs.add(run)
      found.set(key, known)
    }
  }
  return [...found.values()].flatMap(({ finding, runs: having }) => {
    const readers = runs.filter(({ sources }) => sources.has(finding.location.file)).length
    return having.size === readers ? [finding] : []
  })
}

function isFixable(finding: LintFinding): finding is Fixable {
  const { location, fix } = finding
  if (location === undefined || fix === undefined) return false
  return instanceOf(location).length === 0 && usesOf(location).length === 0
}
