import { markdownCode, markdownText } from '../markdown/escape-markdown.ts'
import type { UpgradeReport } from '../../operate/doctor/upgrade/upgrade-report.ts'
import { sourceText } from '../survey/survey-words.ts'
import { aboutIssue, pathText, summaryText } from './upgrade-text.ts'

/** An upgrade report as Markdown, for a ticket or a runbook. */
export function upgradeMarkdown(report: UpgradeReport): string {
  const { issues, commands, reminders, unknown } = report
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, lines.map((line) => `- ${markdownText(line)}`).join('\n')]
  return `${[
    '## RabbitMQ upgrade report',
    `${markdownText(sourceText(report))}  \n**Path** ${markdownText(pathText(report))}  \n**Found** ${summaryText(report)}`,
    ...(issues.length === 0
      ? []
      : [
          [
            '| Feature | Effect | About | Found | Advice |',
            '| --- | --- | --- | --- | --- |',
            ...issues.map(
              (issue) =>
                `| ${markdownCode(issue.feature)} | ${issue.effect} from ${issue.since} on${issue.optional === true ? ' (may remain)' : ''} | ${markdownCode(aboutIssue(issue))} | ${markdownText(issue.message)} | ${markdownText(issue.advice)} |`,
            ),
          ].join('\n'),
        ]),
    ...(commands.length === 0 ? [] : ['### Commands, in this order', ['```sh', ...commands, '```'].join('\n')]),
    ...list('### Check yourself, because nothing shows it', reminders),
    ...list('### Unknown', unknown),
  ].join('\n\n')}\n`
}
