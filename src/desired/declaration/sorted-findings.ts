import { explainFinding, type Finding } from '../../diagnostics/findings/finding.ts'

/** Findings in the order of the files and of their places in them, each once; those of no place come first. */
export function sortedFindings(findings: readonly Finding[], files: readonly string[]): Finding[] {
  const order = new Map(files.map((file, index) => [file, index]))
  const rank = ({ location }: Finding): readonly number[] =>
    location ? [order.get(location.file) ?? files.length, location.line, location.column] : [-1, 0, 0]
  const told = new Set<string>()
  return findings
    .map((found) => ({ found, rank: rank(found) }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ found }) => found)
    .filter((found) => {
      // What stands in an anchor is found again wherever an alias brings it.
      const text = `${found.code} ${rank(found).join(' ')} ${explainFinding(found).message}`
      return !told.has(text) && told.add(text)
    })
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, index) => each !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
