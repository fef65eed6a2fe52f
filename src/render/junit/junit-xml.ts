import type { Outcome } from '../../apply/report.ts'
import { formatLocation, type Location } from '../../diagnostics/location.ts'
import type { Change } from '../../plan/change.ts'
import { junitDocument, type TestCase } from './junit-document.ts'
import { groupByAddress } from '../group-by-address.ts'
import { type CommandResult, type RunResult, runTitle } from '../result/command-result.ts'
import { placesOf, type Remark, runRemarks, remarkText } from '../result/remark.ts'

/**
 * Renders a result as JUnit XML, which Jenkins, Azure Pipelines and GitLab show as tests: a suite for each run, with
 * a case for each file that was checked, each planned change, or each change that was executed. A case fails if a
 * person has to act.
 */
export function junitXml(result: CommandResult): string {
  const suites = result.runs.map((run) => ({ name: runTitle(result, run), cases: casesOf(run, result.command) }))
  return junitDocument(`warren ${result.command}`, suites)
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

/** One case for each file without errors, and one for each error that belongs to no planned change. */
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
    const text = outcome.status === 'skipped' ? `because ${outcome.because} was not done` : 'the run was interrupted'
    return { ...about, problem: { element: 'skipped', type: outcome.status, text } }
  }
  return about
}

function problemOf(remarks: readonly Remark[], element: 'failure' | 'error') {
  const text = remarks.map(remarkText).join('\n')
  return { element, type: remarks[0]?.code ?? '', text }
}
