import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Coverage } from '../../insight/survey/coverage.ts'
import type { Evidence } from '../../insight/survey/evidence.ts'
import type { LintCounts } from '../../insight/survey/lint-counts.ts'
import type { Survey, SurveyedVhost } from '../../insight/survey/survey.ts'
import type { UnmanagedObject } from '../../insight/survey/unmanaged.ts'
import { shortList } from '../short-list.ts'
import { inColumns } from '../words/in-columns.ts'
import { labeledLine } from '../words/labeled-line.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'
import {
  brokerLintText,
  countsText,
  coverageText,
  groupText,
  programText,
  sourceText,
  standOutTitle,
  statisticsText,
  unknownLines,
  unmanagedText,
  vhostLintText,
} from './survey-words.ts'

const NAME_COLUMN = 4
const VALUE_COLUMN = 34
const ADDRESS_COLUMN = 60

/** A survey for people. */
export function surveyText(survey: Survey, style: Style): string {
  const statistics = statisticsText(survey)
  const unknown = unknownLines(survey)
  return [
    labeledLine(survey.source.kind === 'broker' ? 'Broker' : 'File', sourceText(survey), style),
    labeledLine('Scope', countOf(survey.vhosts.length, 'vhost'), style),
    labeledLine('Coverage', coverageText(survey.coverage), style),
    ...ownersText(survey.coverage),
    ...(survey.counts.some(({ count }) => count > 0) ? [labeledLine('Global', countsText(survey.counts), style)] : []),
    ...(survey.lint === undefined
      ? []
      : [labeledLine('Lint', brokerLintText(survey.lint, survey.vhosts), style), ...rulesText(survey.lint)]),
    ...(statistics === undefined ? [] : [labeledLine('Statistics', statistics, style)]),
    ...survey.vhosts.flatMap((vhost) => ['', ...vhostText(vhost, style, survey.lint !== undefined)]),
    ...(survey.evidence === undefined ? [] : ['', ...evidenceText(survey.evidence, style)]),
    ...(survey.unmanaged === undefined ? [] : ['', ...unmanagedListText(survey.unmanaged, style)]),
    ...(unknown.length > 0 ? ['', style.strong('Unknown'), ...unknown.map((line) => `  ${line}`)] : []),
    '',
  ].join('\n')
}

function ownersText({ projects, labels }: Coverage): string[] {
  return [
    ...projects.map(({ project, managed, adopted }) =>
      row(
        `project ${showText(project)}`,
        `${countOf(managed, 'object')}${adopted > 0 ? ` (${withCommas(adopted)} adopted)` : ''}`,
      ),
    ),
    ...(labels?.owners.map(({ owner, objects }) => row(`owner ${showText(owner)}`, countOf(objects, 'object'))) ?? []),
    ...(labels && labels.unlabelled > 0
      ? [row('without the label owner', countOf(labels.unlabelled, 'declared object'))]
      : []),
    ...(labels ? [row('not declared in the files', countOf(labels.undeclared, 'object'))] : []),
  ]
}

function row(name: string, text: string): string {
  return inColumns([
    { column: NAME_COLUMN, text: name },
    { column: VALUE_COLUMN, text },
  ])
}

function vhostText(vhost: SurveyedVhost, style: Style, isLinted: boolean): string[] {
  const { counts, coverage, groups, ungrouped, frameworks, programs, standsOut, lint } = vhost
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`  ${title}`, ...lines])
  return [
    style.strong(`vhost ${showText(vhost.name)}`),
    `  Objects     ${countsText(counts)}`,
    `  Coverage    ${coverageText(coverage)}`,
    ...(isLinted ? [`  Lint        ${vhostLintText(vhost)}`] : []),
    ...(lint === undefined ? [] : rulesText(lint)),
    ...section('Groups', [
      ...groups.map((group) => row(showText(group.name), groupText(group))),
      ...(groups.length > 0 && ungrouped > 0 ? [row('(no group)', countOf(ungrouped, 'queue'))] : []),
    ]),
    ...section(
      'Frameworks, by the names and shapes of objects',
      frameworks.map(({ framework, parts }) =>
        row(
          framework,
          Object.entries(parts)
            .map(([part, count]) => `${count} × ${part}`)
            .join(', '),
        ),
      ),
    ),
    ...section(
      'Consumers',
      programs?.flatMap((program) => [
        `    ${programText(program)}: ${countOf(program.consumers, 'consumer')}`,
        `      of ${shortList(program.queues.map(showText)).join(', ')}`,
      ]) ?? [],
    ),
    ...section(
      'Stands out',
      standsOut.flatMap(({ what, objects }) => [
        `    ${style.warn(standOutTitle(what, objects.length))}`,
        ...shortList(
          objects.map(({ address, messages }) =>
            inColumns([
              { column: 6, text: address },
              { column: ADDRESS_COLUMN, text: messages === undefined ? '' : countOf(messages, 'message') },
            ]),
          ),
        ).map((line) => (line.startsWith(' ') ? line : `      ${line}`)),
      ]),
    ),
  ]
}

/** The rules with findings, one on each line. */
function rulesText({ rules }: Pick<LintCounts, 'rules'>): string[] {
  return rules.map(({ rule, severity, count }) => row(rule, countOf(count, severity)))
}

function evidenceText({ window, looks, used, withoutEvidence, unknown, changes }: Evidence, style: Style): string[] {
  return [
    `${style.strong('Evidence of use')} in ${Math.round(window / 1_000)} s (${countOf(looks, 'look')})`,
    ...used.map(({ address, published, delivered, consumers }) =>
      inColumns([
        { column: 2, text: address },
        {
          column: ADDRESS_COLUMN,
          text: [
            `${perSecond(published, window)} published/s`,
            `${perSecond(delivered, window)} delivered/s`,
            ...(consumers === undefined ? [] : [countOf(consumers, 'consumer')]),
          ].join(', '),
        },
      ]),
    ),
    ...changes.map(
      ({ address, change, clientAddress, ...client }) =>
        `  a consumer of ${address} ${change}: ${programText({ ...client, ...(clientAddress !== undefined && { host: clientAddress }) })}`,
    ),
    `  ${countOf(withoutEvidence, 'queue')} without evidence in this window; they may still be in use, because a weekly job leaves no trace`,
    ...(unknown > 0 ? [`  ${countOf(unknown, 'queue')} without any information`] : []),
  ]
}

/** With one decimal. */
function perSecond(messages: number, window: number): string {
  return (messages / (window / 1_000)).toLocaleString('en-US', { maximumFractionDigits: 1 })
}

/**
 * Lists objects that no project owns, one on each line.
 *
 * @param which the common property of the objects. Default: none
 */
export function unmanagedListText(objects: readonly UnmanagedObject[], style: Style, which = ''): string[] {
  return [
    `${style.strong('Unmanaged')}  ${countOf(objects.length, 'object')}${which}`,
    ...objects.map((object) =>
      inColumns([
        { column: 2, text: object.address },
        { column: ADDRESS_COLUMN, text: unmanagedText(object) },
      ]),
    ),
  ]
}
