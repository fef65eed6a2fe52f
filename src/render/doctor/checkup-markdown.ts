import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Symptom } from '../../operate/doctor/check.ts'
import type { Checkup } from '../../operate/doctor/checkup.ts'
import { markdownCode, markdownText } from '../markdown/escape-markdown.ts'
import { sourceText } from '../survey/survey-words.ts'
import * as words from './checkup-words.ts'

/** The maximum number of rows, so that the text can be a comment on a pull request. */
const MOST_SHOWN = 50

/** A checkup as Markdown, for a comment or a job summary. */
export function checkupMarkdown(checkup: Checkup): string {
  const found = checkup.checks
    .flatMap(({ check, symptoms }) => symptoms.map((symptom) => ({ check, ...symptom })))
    .toSorted((a, b) => words.SEVERITIES.indexOf(a.severity) - words.SEVERITIES.indexOf(b.severity))
  const unknown = words.unknownLines(checkup)
  const fine = words.checksOf(checkup, 'ok')
  return `${[
    '## warren doctor',
    `${markdownText(sourceText(checkup))}  \n${markdownText(words.scopeText(checkup))}; ${markdownText(words.sampleText(checkup))}`,
    `**Found** ${words.foundText(checkup)}`,
    ...table(found),
    ...(unknown.length === 0 ? [] : ['### Unknown', unknown.map((line) => `- ${markdownText(line)}`).join('\n')]),
    ...(fine.length === 0 ? [] : [`**Fine** ${fine.map(markdownCode).join(', ')}`]),
  ].join('\n\n')}\n`
}

function table(found: readonly (Symptom & { readonly check: string })[]): string[] {
  if (found.length === 0) return []
  const rows = found
    .slice(0, MOST_SHOWN)
    .map(
      ({ check, severity, address, subject, message, advice }) =>
        `| ${severity} | ${markdownCode(check)} | ${aboutText(address, subject)} | ${markdownText(message)} | ${markdownText(advice)} |`,
    )
  const rest = found.length - rows.length
  return [
    ['| | Check | About | Found | Advice |', '| --- | --- | --- | --- | --- |', ...rows].join('\n'),
    ...(rest > 0 ? [`_and ${withCommas(rest)} more_`] : []),
  ]
}

function aboutText(address: string | undefined, subject: string | undefined): string {
  const about = address ?? subject
  return about === undefined ? '' : markdownCode(about)
}
