import { codeFrame } from '../../diagnostics/text/code-frame.ts'
import { explainFinding, type Finding } from '../../diagnostics/findings/finding.ts'
import { formatLocation } from '../../diagnostics/location.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Style } from '../words/style.ts'

/** All findings, in order of their place, each with its code frame and how to fix it. */
export function findingsText(findings: readonly Finding[], sources: ReadonlyMap<string, string>, style: Style): string {
  const shown = mostTelling(findings)
  const more = findings.length - shown.length
  return [
    ...shown.toSorted(byPlace).map((found) => findingText(found, sources, style)),
    ...(more > 0 ? [`and ${withCommas(more)} more ${more === 1 ? 'finding' : 'findings'}\n`] : []),
  ].join('\n')
}

/** More than a person reads; each costs a look at its file. */
const MOST_SHOWN = 1_000

/** The errors first where there are too many findings to show them all. */
function mostTelling(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_SHOWN) return findings
  const errors = findings.filter((each) => explainFinding(each).severity === 'error')
  const warnings = findings.filter((each) => explainFinding(each).severity !== 'error')
  return [...errors, ...warnings].slice(0, MOST_SHOWN)
}

function findingText(found: Finding, sources: ReadonlyMap<string, string>, style: Style): string {
  const { severity, message, hint } = explainFinding(found)
  const word = severity === 'error' ? style.remove('error') : style.update('warning')
  const place = found.location === undefined ? '' : `${formatLocation(found.location)}  `
  const source = found.location && sources.get(found.location.file)
  const frame = found.location === undefined || source === undefined ? [] : [indent(codeFrame(source, found.location))]
  return [
    `${style.strong(place)}${word}  ${shownMessage(message)}  ${style.faint(found.code)}`,
    ...frame,
    ...(found.related ?? []).map(({ label, location }) => `  ${label}: ${formatLocation(location)}`),
    ...(hint === undefined ? [] : [`  ${shownMessage(hint)}`]),
    '',
  ].join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}

function byPlace(a: Finding, b: Finding): number {
  const [left, right] = [a.location, b.location]
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1
  if (left.file !== right.file) return left.file < right.file ? -1 : 1
  return left.line - right.line || left.column - right.column
}
