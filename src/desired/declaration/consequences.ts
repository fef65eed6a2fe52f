import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { ParsedFile } from '../source/yaml/parse-documents.ts'
import { NOTHING } from './schema/wrong-value.ts'

/** For each line of a file, whether a syntax error may hide or cause findings there. */
interface DamagedLines {
  readonly damaged: ReadonlySet<number>
  /** Lines where missing keys may be a consequence. */
  readonly incomplete: ReadonlySet<number>
}

/**
 * All findings of a run, syntax errors first, without consequences of syntax errors and findings about a value that was
 * already reported as unusable.
 */
export function withoutConsequences(reported: readonly Finding[], files: readonly ParsedFile[]): Finding[] {
  const damage = new Map(files.map((file) => [file.source.path, damagedLines(file)]))
  const ofSyntax = files.flatMap((file) => file.findings)
  const ofValues = files.flatMap((file) => file.valueFindings).filter((each) => !isConsequence(each, damage))
  const unusable = new Set([...ofSyntax, ...ofValues].map(placeOf))
  const others = reported.filter(
    (each) => !isConsequence(each, damage) && !(each.location && unusable.has(placeOf(each))),
  )
  return [...ofSyntax, ...ofValues, ...others]
}

function isConsequence(found: Finding, damage: ReadonlyMap<string, DamagedLines>): boolean {
  const { location } = found
  const lines = location && damage.get(location.file)
  if (!lines) return false
  return lines.damaged.has(location.line) || (saysMissing(found) && lines.incomplete.has(location.line))
}

function saysMissing({ code, args }: Finding): boolean {
  return code === 'missing-key' || code === 'one-form-of' || (code === 'wrong-value' && args.found === NOTHING)
}

function placeOf({ location }: Finding): string {
  return location ? `${location.file} ${location.line} ${location.column}` : ''
}

function damagedLines({ source, documents }: ParsedFile): DamagedLines {
  const ranges = documents.flatMap((document) => document.damage)
  const lineOf = (offset: number): number => source.locate(offset, offset).line
  return {
    damaged: linesOf(ranges.map(({ from, to }) => [lineOf(from), lineOf(to)])),
    incomplete: linesOf(ranges.map(({ incompleteFrom, to }) => [lineOf(incompleteFrom), lineOf(to)])),
  }
}

/** The lines of ranges, which may overlap. */
function linesOf(ranges: readonly (readonly [first: number, last: number])[]): Set<number> {
  const lines = new Set<number>()
  let done = 0
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    for (let line = Math.max(first, done + 1); line <= last; line++) lines.add(line)
    done = Math.max(done, last)
  }
  return lines
}
