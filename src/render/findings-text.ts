import { codeFrame } from '../diagnostics/code-frame.ts'
import { describe, type Finding } from '../diagnostics/finding.ts'
import { formatLocation } from '../diagnostics/location.ts'
import type { Style } from './style.ts'

/** All findings, in order of their place, each with its code frame and how to mend it. */
export function findingsText(findings: readonly Finding[], sources: ReadonlyMap<string, string>, style: Style): string {
  return findings
    .toSorted(byPlace)
    .map((found) => findingText(found, sources, style))
    .join('\n')
}

function findingText(found: Finding, sources: ReadonlyMap<string, string>, style: Style): string {
  const { severity, message, hint } = describe(found)
  const word = severity === 'error' ? style.remove('error') : style.update('warning')
  const place = found.location === undefined ? '' : `${formatLocation(found.location)}  `
  const source = found.location && sources.get(found.location.file)
  const frame = found.location === undefined || source === undefined ? [] : [indent(codeFrame(source, found.location))]
  return [
    `${style.strong(place)}${word}  ${message}  ${style.faint(found.code)}`,
    ...frame,
    ...(found.related ?? []).map(({ label, location }) => `  ${label}: ${formatLocation(location)}`),
    ...(hint === undefined ? [] : [`  ${hint}`]),
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
