import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { LintCounts } from '../../insight/survey/lint-counts.ts'
import type { Survey, SurveyedVhost } from '../../insight/survey/survey.ts'
import { markdownCode, markdownText } from '../markdown/escape-markdown.ts'
import * as words from './survey-words.ts'

/** The maximum number of objects in one list, so that the text can be a comment on a pull request. */
const MOST_SHOWN = 50

/** A survey as Markdown, for a comment on a pull request or a job summary. */
export function surveyMarkdown(survey: Survey): string {
  const { coverage, vhosts, evidence, unmanaged } = survey
  const statistics = words.statisticsText(survey)
  const parts = [
    '## warren survey',
    markdownText(words.sourceText(survey)),
    `**Coverage** ${markdownText(words.coverageText(coverage))}`,
    ...table(
      ['Project', 'Objects', 'Adopted'],
      coverage.projects.map(({ project, managed, adopted }) => [
        markdownText(project),
        withCommas(managed),
        withCommas(adopted),
      ]),
    ),
    ...table(
      ['Owner', 'Objects'],
      coverage.labels?.owners.map(({ owner, objects }) => [markdownText(owner), withCommas(objects)]) ?? [],
    ),
    ...(survey.lint === undefined
      ? []
      : [`**Lint** ${markdownText(words.brokerLintText(survey.lint, survey.vhosts))}`, ...rulesTable(survey.lint)]),
    ...(statistics === undefined ? [] : [`**Statistics** ${markdownText(statistics)}`]),
    ...vhosts.flatMap((vhost) => vhostMarkdown(vhost, survey.lint !== undefined)),
    ...(evidence === undefined
      ? []
      : [
          `### Evidence of use in ${Math.round(evidence.window / 1_000)} s`,
          ...table(
            ['Queue', 'Published', 'Delivered'],
            evidence.used
              .slice(0, MOST_SHOWN)
              .map(({ address, published, delivered }) => [
                markdownCode(address),
                withCommas(published),
                withCommas(delivered),
              ]),
          ),
          `${countOf(evidence.withoutEvidence, 'queue')} without evidence in this window; they may still be in use.`,
        ]),
    ...(unmanaged === undefined
      ? []
      : [
          `### Unmanaged: ${countOf(unmanaged.length, 'object')}`,
          ...table(
            ['Object', 'Properties'],
            unmanaged
              .slice(0, MOST_SHOWN)
              .map((each) => [markdownCode(each.address), markdownText(words.unmanagedText(each))]),
          ),
          ...more(unmanaged.length),
        ]),
    ...list('### Unknown', words.unknownLines(survey).map(markdownText)),
  ]
  return `${parts.join('\n\n')}\n`
}

function vhostMarkdown(vhost: SurveyedVhost, isLinted: boolean): string[] {
  const { name, counts, coverage, groups, frameworks, programs = [], standsOut, lint } = vhost
  return [
    `### vhost ${markdownText(name)}`,
    `${markdownText(words.countsText(counts))}; coverage ${markdownText(words.coverageText(coverage))}`,
    ...(isLinted ? [`**Lint** ${words.vhostLintText(vhost)}`] : []),
    ...(lint === undefined ? [] : rulesTable(lint)),
    ...table(
      ['Group', 'Queues'],
      groups.slice(0, MOST_SHOWN).map((group) => [markdownText(group.name), markdownText(words.groupText(group))]),
    ),
    ...more(groups.length),
    ...list(
      '**Frameworks**',
      frameworks.map(({ framework, parts }) =>
        markdownText(
          `${framework}: ${Object.entries(parts)
            .map(([part, count]) => `${count} × ${part}`)
            .join(', ')}`,
        ),
      ),
    ),
    ...list(
      '**Consumers**',
      programs.map((each) =>
        markdownText(
          `${words.programText(each)}: ${countOf(each.consumers, 'consumer')} of ${countOf(each.queues.length, 'queue')}`,
        ),
      ),
    ),
    ...list(
      '**Stands out**',
      standsOut.map(({ what, objects }) => {
        const named = objects.slice(0, 10).map(({ address }) => markdownCode(address))
        const rest = objects.length - named.length
        return `${markdownText(words.standOutTitle(what, objects.length))}: ${named.join(', ')}${rest > 0 ? ` and ${withCommas(rest)} more` : ''}`
      }),
    ),
  ]
}

function rulesTable({ rules }: Pick<LintCounts, 'rules'>): string[] {
  return table(
    ['Rule', 'Findings'],
    rules.map(({ rule, severity, count }) => [markdownCode(rule), countOf(count, severity)]),
  )
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')]
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const shown = lines.slice(0, MOST_SHOWN).map((each) => `- ${each}`)
  return [title, shown.join('\n'), ...more(lines.length)]
}

function more(count: number): string[] {
  return count > MOST_SHOWN ? [`_and ${withCommas(count - MOST_SHOWN)} more_`] : []
}
