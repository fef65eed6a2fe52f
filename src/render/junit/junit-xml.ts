import type { Outcome } from '../../apply/report.ts'
import { formatLocation, type Location } from '../../diagnostics/location.ts'
import type { Change } from '../../plan/change.ts'
import { groupByAddress } from '../group-by-address.ts'
import { type CommandResult, type RunResult, runTitle } from '../result/command-result.ts'
import { placesOf, type Remark, runRemarks, remarkText } from '../result/remark.ts'

/** A test case of a report. */
interface TestCase {
  readonly name: string
  readonly className: string
  readonly location?: Location
  /** How it ended, unless it passed. */
  readonly problem?: { readonly element: 'failure' | 'error' | 'skipped'; readonly type: string; readonly text: string }
}

/**
 * Renders a result as JUnit XML, which Jenkins, Azure Pipelines and GitLab show as tests: a suite for each run, with a case for
 * each file that was checked, each planned change, or each change that was executed. A case fails where a person has to act.
 */
export function junitXml(result: CommandResult): string {
  const suites = result.runs.map((run) => ({ name: runTitle(result, run), cases: casesOf(run, result.command) }))
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(`warren ${result.command}`)}" ${counts(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${escape(name)}" ${counts(cases)}>`,
      ...cases.flatMap(caseXml),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function casesOf(run: RunResult, command: string): readonly TestCase[] {
  const remarks = runRemarks(run, command).filter(({ severity }) => severity === 'error' || command === 'drift')
  const { plan, report } = run
  const changes = plan?.changes ?? []
  const shown = new Set(changes.map(({ address }) => address))
  const elsewhere = remarks.filter(({ address }) => address === undefined || !shown.has(address))
  const byAddress = groupByAddress(remarks.flatMap((remark) => (hasAddress(remark) ? [remark] : [])))
  const outcomes = new Map(report?.outcomes.map((outcome) => [outcome.address, outcome]))
  const places = placesOf(plan)
  return [
    ...fileCases(run, elsewhere, command),
    ...changes.map((change) =>
      changeCase(change, byAddress.get(change.address) ?? [], outcomes.get(change.address), places.get(change.address)),
    ),
  ]
}

function hasAddress(remark: Remark): remark is Remark & { readonly address: string } {
  return remark.address !== undefined
}

/** One case for each file without errors, and one for each error that is about no planned change. */
function fileCases(run: RunResult, remarks: readonly Remark[], command: string): readonly TestCase[] {
  const wrong = new Set(remarks.map(({ location }) => location?.file))
  const sound = [...run.sources.keys()].filter((file) => !wrong.has(file))
  const cases = [
    ...sound.map((file): TestCase => ({ name: file, className: 'files', location: { file, line: 1, column: 1 } })),
    ...remarks.map((remark): TestCase => ({
      name: remark.address ?? (remark.location === undefined ? remark.code : formatLocation(remark.location)),
      className: remark.code,
      ...(remark.location && { location: remark.location }),
      problem: problemOf([remark], remark.location === undefined && remark.address === undefined ? 'error' : 'failure'),
    })),
  ]
  // A suite without cases is reported as missing by some servers.
  return cases.length > 0 || (run.plan?.changes.length ?? 0) > 0 ? cases : [{ name: command, className: 'warren' }]
}

function changeCase(
  { action, address, kind }: Change,
  remarks: readonly Remark[],
  outcome: Outcome | undefined,
  location: Location | undefined,
): TestCase {
  const about = { name: `${action} ${address}`, className: kind, ...(location && { location }) }
  if (remarks.length > 0) return { ...about, problem: problemOf(remarks, 'failure') }
  if (outcome?.status === 'skipped' || outcome?.status === 'interrupted') {
    const text = outcome.status === 'skipped' ? `since ${outcome.because} was not done` : 'the run was interrupted'
    return { ...about, problem: { element: 'skipped', type: outcome.status, text } }
  }
  return about
}

function problemOf(remarks: readonly Remark[], element: 'failure' | 'error') {
  const text = remarks.map(remarkText).join('\n')
  return { element, type: remarks[0]?.code ?? '', text }
}

function caseXml({ name, className, location, problem }: TestCase): string[] {
  const place = location === undefined ? '' : ` file="${escape(location.file)}" line="${location.line}"`
  const open = `    <testcase name="${escape(name)}" classname="${escape(className)}"${place}`
  if (problem === undefined) return [`${open}/>`]
  const [first = ''] = problem.text.split('\n')
  const { element } = problem
  const body =
    element === 'skipped'
      ? `<skipped message="${escape(first)}"/>`
      : `<${element} message="${escape(first)}" type="${escape(problem.type)}">${escape(problem.text)}</${element}>`
  return [`${open}>`, `      ${body}`, '    </testcase>']
}

function counts(cases: readonly TestCase[]): string {
  const of = (element: string) => cases.filter(({ problem }) => problem?.element === element).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Characters that XML 1.0 cannot hold in any form, or not everywhere (W3C, section 2.2). */
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu

function escape(text: string): string {
  return text
    .replaceAll(NOT_IN_XML, '\uFFFD')
    .replaceAll(/[&<>"\n\r\t]/g, (character) => ENTITIES[character] ?? character)
}
