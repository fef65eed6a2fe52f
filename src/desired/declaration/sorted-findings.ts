import { explainFinding, finding, type Finding } from '../../diagnostics/findings/finding.ts'

/** Findings sorted by file and position, each once. Findings without a position come first. */
export function sortedFindings(findings: readonly Finding[], files: readonly string[]): Finding[] {
  const order = new Map(files.map((file, index) => [file, index]))
  const rank = ({ location }: Finding): readonly number[] =>
    location ? [order.get(location.file) ?? files.length, location.line, location.column] : [-1, 0, 0]
  const seen = new Set<string>()
  return findings
    .map((found) => ({ found, rank: rank(found) }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ found }) => found)
    .filter((found) => {
      // A finding inside an anchor is repeated for each alias.
      const text = `${found.code} ${rank(found).join(' ')} ${explainFinding(found).message}`
      return !seen.has(text) && seen.add(text)
    })
}

/** Longer lists would not help the reader. Each finding is masked, and its file is read again when it is printed. */
const MOST_LISTED = 999

/** The errors first, if there are too many findings to list, with a finding about the number of the others. */
export function mostTelling(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_LISTED) return findings
  const [errors, warnings] = [true, false].map((isError) =>
    findings.filter((each) => (explainFinding(each).severity === 'error') === isError),
  ) as [Finding[], Finding[]]
  const listed = [...errors, ...warnings].slice(0, MOST_LISTED)
  return [...listed, finding('more-findings', { count: findings.length, listed: listed.length })]
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, index) => each !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
