import { countOf } from '../../diagnostics/text/count-of.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import { entryText } from '../text/findings-text.ts'
import type { Style } from '../words/style.ts'

/** What is rendered of a run of lint. */
export interface LintReport {
  readonly findings: readonly LintFinding[]
  readonly ignored: number
  /** The broker's version by which rules judged. */
  readonly version: string
}

/** The findings of lint with code frames, each with the page of its rule, and their numbers. */
export function lintText(
  { findings, ignored, version }: LintReport,
  sources: ReadonlyMap<string, string>,
  style: Style,
): string {
  const entries = findings.map((each) => {
    const { rule, location, address, message, page } = each
    const shown = location === undefined && address !== undefined ? `${address}: ${message}` : message
    return `${entryText({ ...each, code: rule, message: shown }, sources, style)}  ${style.faint(page)}\n`
  })
  return [...entries, `${summaryOf(findings, ignored, version)}\n`].join('\n')
}

function summaryOf(findings: readonly LintFinding[], ignored: number, version: string): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const counts = [
    countOf(errors, 'error'),
    countOf(findings.length - errors, 'warning'),
    ...(ignored > 0 ? [`${ignored} ignored`] : []),
  ]
  return `lint  ${counts.join(', ')} (RabbitMQ ${version})`
}
