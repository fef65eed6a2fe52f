import { countOf } from '../../diagnostics/text/count-of.ts'
import type { Survey, SurveyedVhost } from '../../insight/survey/survey.ts'
import { shortList } from '../short-list.ts'
import * as words from '../survey/survey-words.ts'
import { showText } from '../words/show-value.ts'
import { xmlText } from '../words/xml-text.ts'

type Row = readonly [label: string, text: string]

/** The figures of a survey above the picture. */
export function pageSurvey(survey: Survey): string {
  const { coverage, counts, lint, vhosts, evidence, unmanaged } = survey
  const statistics = words.statisticsText(survey)
  const unknown = words.unknownLines(survey)
  const rows: Row[] = [
    [survey.source.kind === 'broker' ? 'Broker' : 'File', words.sourceText(survey)],
    ['Coverage', words.coverageText(coverage)],
    ...coverage.projects.map(({ project, managed }): Row => [
      `Project ${showText(project)}`,
      countOf(managed, 'object'),
    ]),
    ...(coverage.labels?.owners ?? []).map(({ owner, objects }): Row => [
      `Owner ${showText(owner)}`,
      countOf(objects, 'object'),
    ]),
    ...(counts.some(({ count }) => count > 0) ? [['Global', words.countsText(counts)] as const] : []),
    ...(lint === undefined ? [] : [['Lint', words.brokerLintText(lint, vhosts)] as const]),
    ...(statistics === undefined ? [] : [['Statistics', statistics] as const]),
    ...(evidence === undefined
      ? []
      : [
          [
            'Evidence of use',
            `${countOf(evidence.used.length, 'queue')} used within ${Math.round(evidence.window / 1_000)} s, ${countOf(evidence.withoutEvidence, 'queue')} without evidence`,
          ] as const,
        ]),
    ...(unmanaged === undefined
      ? []
      : [
          [
            'Unmanaged',
            shortList(unmanaged.map((each) => `${each.address} (${words.unmanagedText(each)})`)).join('; '),
          ] as const,
        ]),
    ...unknown.map((line): Row => ['Unknown', line]),
  ]
  return `<details id="survey" open>
<summary>Survey</summary>
${table(rows)}
${vhosts.map((vhost) => vhostTable(vhost, lint !== undefined)).join('\n')}
</details>`
}

function vhostTable(vhost: SurveyedVhost, isLinted: boolean): string {
  const { name, counts, coverage, groups, frameworks, programs, standsOut } = vhost
  const rows: Row[] = [
    ['Objects', words.countsText(counts)],
    ['Coverage', words.coverageText(coverage)],
    ...(isLinted ? [['Lint', words.vhostLintText(vhost)] as const] : []),
    ...(groups.length === 0
      ? []
      : [
          [
            'Groups',
            shortList(groups.map((group) => `${showText(group.name)} (${words.groupText(group)})`)).join('; '),
          ] as const,
        ]),
    ...frameworks.map(({ framework, parts }): Row => [
      framework,
      Object.entries(parts)
        .map(([part, count]) => `${count} × ${part}`)
        .join(', '),
    ]),
    ...(programs === undefined || programs.length === 0
      ? []
      : [
          [
            'Consumers',
            shortList(
              programs.map((program) => `${words.programText(program)}: ${countOf(program.consumers, 'consumer')}`),
            ).join('; '),
          ] as const,
        ]),
    ...standsOut.map(({ what, objects }): Row => [
      'Stands out',
      `${words.standOutTitle(what, objects.length)}: ${shortList(objects.map(({ address }) => address)).join(', ')}`,
    ]),
  ]
  return `<h2>${xmlText(`vhost ${showText(name)}`)}</h2>\n${table(rows)}`
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(([label, text]) => `<tr><th scope="row">${xmlText(label)}</th><td>${xmlText(text)}</td></tr>`)
  return `<table><tbody>${lines.join('\n')}</tbody></table>`
}
