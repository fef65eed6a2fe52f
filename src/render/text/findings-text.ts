import { codeFrame } from '../../diagnostics/text/code-frame.ts'
import { explainFinding, type Finding, type FindingText } from '../../diagnostics/findings/finding.ts'
import { compareLocations, formatLocation, type Location, type RelatedLocation } from '../../diagnostics/location.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Style } from '../words/style.ts'

/** All findings in order of their positions, each with its code frame and how to fix it. */
export function findingsText(findings: readonly Finding[], sources: ReadonlyMap<string, string>, style: Style): string {
  const shown = mostTelling(findings)
  const more = findings.length - shown.length
  return [
    ...shown
      .toSorted((a, b) => compareLocations(a.location, b.location))
      .map((found) => findingText(found, sources, style)),
    ...(more > 0 ? [`and ${withCommas(more)} more ${more === 1 ? 'finding' : 'findings'}\n`] : []),
  ].join('\n')
}

/** The maximum number of findings, because people do not read more and each one needs its file. */
const MOST_SHOWN = 1_000

/** The errors first, if there are too many findings to show. */
function mostTelling(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_SHOWN) return findings
  const errors = findings.filter((each) => explainFinding(each).severity === 'error')
  const warnings = findings.filter((each) => explainFinding(each).severity !== 'error')
  return [...errors, ...warnings].slice(0, MOST_SHOWN)
}

/** One entry of a list of findings. */
export interface FindingEntry extends FindingText {
  readonly code: string
  readonly location?: Location
  readonly related?: readonly RelatedLocation[]
}

function findingText(found: Finding, sources: ReadonlyMap<string, string>, style: Style): string {
  const { code, location, related } = found
  const entry = { ...explainFinding(found), code, ...(location && { location }), ...(related && { related }) }
  return entryText(entry, sources, style)
}

/** A finding with its code frame and how to fix it. */
export function entryText(entry: FindingEntry, sources: ReadonlyMap<string, string>, style: Style): string {
  const { severity, message, hint, code, location, related = [] } = entry
  const word = severity === 'error' ? style.remove('error') : style.update('warning')
  const place = location === undefined ? '' : `${formatLocation(location)}  `
  const source = location && sources.get(location.file)
  const frame = location === undefined || source === undefined ? [] : [indent(codeFrame(source, location))]
  return [
    `${style.strong(place)}${word}  ${shownMessage(message)}  ${style.faint(code)}`,
    ...frame,
    ...related.map((each) => `  ${each.label}: ${formatLocation(each.location)}`),
    ...(hint === undefined ? [] : [`  ${shownMessage(hint)}`]),
    '',
  ].join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
