import { countOf } from '../../diagnostics/text/count-of.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import type { UpgradeIssue } from '../../operate/doctor/upgrade/upgrade-issue.ts'
import type { UpgradeReport } from '../../operate/doctor/upgrade/upgrade-report.ts'
import { sourceText } from '../survey/survey-words.ts'
import { labeledLine } from '../words/labeled-line.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/** An upgrade report for people. */
export function upgradeText(report: UpgradeReport, style: Style): string {
  const { source, issues, commands, reminders, unknown, vhosts } = report
  const head = (label: string, text: string) => labeledLine(label, text, style)
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', style.strong(title), ...lines.map((line) => `  ${line}`)]
  return [
    head(source.kind === 'broker' ? 'Broker' : 'File', sourceText(report)),
    head('Scope', countOf(vhosts.length, 'vhost')),
    head('Path', pathText(report)),
    head('Found', summaryText(report)),
    ...Array.from(groupByKey(issues, ({ feature }) => feature)).flatMap(([feature, group]) => [
      '',
      style.strong(feature),
      ...group.flatMap((issue) => issueText(issue, style)),
    ]),
    ...section('Commands, in this order', commands),
    ...section('Check yourself, because nothing shows it', reminders),
    ...section('Unknown', unknown),
    '',
  ].join('\n')
}

/** `3.10.8 → 3.11 → 3.12`. */
export function pathText({ from, to, path }: UpgradeReport): string {
  if (path.length === 0) return from === to ? `${from}, which is the current version` : `${from} → ${to}`
  return [from, ...path.slice(0, -1), to].join(' → ')
}

/** `3 to fix, 1 that may remain`, or `nothing to fix`. */
export function summaryText({ issues }: UpgradeReport): string {
  const optional = issues.filter((each) => each.optional === true).length
  const needed = issues.length - optional
  return `${needed === 0 ? 'nothing' : needed} to fix${optional === 0 ? '' : `, ${optional} that may remain`}`
}

/** The object, client or plugin of an issue. */
export function aboutIssue({ address, subject }: UpgradeIssue): string {
  return address ?? showText(subject ?? '')
}

function issueText(issue: UpgradeIssue, style: Style): string[] {
  const { effect, since, message, advice, optional } = issue
  const word = optional === true ? style.faint(effect) : style.warn(effect)
  return [`  ${word} from ${since} on  ${aboutIssue(issue)}`, `    ${message}`, style.faint(`    ${advice}`)]
}
