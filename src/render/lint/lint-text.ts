import { formatLocation } from '../../diagnostics/location.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import { shortList } from '../short-list.ts'
import { entryText } from '../text/findings-text.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/** The data of a run of lint that is rendered. */
export interface LintReport {
  readonly findings: readonly LintFinding[]
  readonly ignored: number
  /** The broker version that the rules assumed. */
  readonly version: string
  /** The vhosts without findings, because their objects could not all be read. Default: none. */
  readonly unread?: readonly string[]
}

/** The findings of lint with code frames, each with the page of its rule, and the number of findings. */
export function lintText(
  { findings, ignored, version, unread = [] }: LintReport,
  sources: ReadonlyMap<string, string>,
  style: Style,
): string {
  const lines = [summaryOf(findings, ignored, version), ...unreadLines(unread)]
  return [...entriesOf(findings, sources, style), `${lines.join('\n')}\n`].join('\n')
}

/** The findings about objects that a plan changes, under their numbers. */
export function planLintText(
  findings: readonly LintFinding[],
  sources: ReadonlyMap<string, string>,
  style: Style,
): string {
  const title = `${style.strong('Lint')}     ${countsOf(findings).join(', ')} about changed objects`
  return [`${title}\n`, ...entriesOf(findings, sources, style)].join('\n').trimEnd()
}

/** The same as lines of comments of a unified diff. */
export function lintComments(findings: readonly LintFinding[]): string {
  return findings
    .map(({ rule, severity, message, address, location }) => {
      const place = location === undefined ? (address ?? '') : formatLocation(location)
      return `# ${severity} ${rule} ${place}: ${shownMessage(message)}\n`
    })
    .join('')
}

function entriesOf(findings: readonly LintFinding[], sources: ReadonlyMap<string, string>, style: Style): string[] {
  return findings.map((each) => {
    const { rule, location, address, message, page } = each
    const shown = location === undefined && address !== undefined ? `${address}: ${message}` : message
    return `${entryText({ ...each, code: rule, message: shown }, sources, style)}  ${style.faint(page)}\n`
  })
}

function countsOf(findings: readonly LintFinding[]): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return [countOf(errors, 'error'), countOf(findings.length - errors, 'warning')]
}

function summaryOf(findings: readonly LintFinding[], ignored: number, version: string): string {
  const counts = [...countsOf(findings), ...(ignored > 0 ? [`${ignored} ignored`] : [])]
  return `lint  ${counts.join(', ')} (RabbitMQ ${version})`
}

function unreadLines(vhosts: readonly string[]): string[] {
  if (vhosts.length === 0) return []
  const names = shortList(vhosts.map(showText)).join(', ')
  return [`unknown in ${countOf(vhosts.length, 'vhost')}, whose objects could not all be read: ${names}`]
}
