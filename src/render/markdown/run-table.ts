import type { CommandResult, RunResult } from '../result/command-result.ts'
import { runRemarks } from '../result/remark.ts'
import { planCounts } from '../words/plan-counts.ts'
import { markdownText } from './escape-markdown.ts'

/** The table of all runs, with the changes of each by kind. */
export function runTable(result: CommandResult): string {
  const { command, runs } = result
  const planned = runs.some(({ plan }) => plan !== undefined)
  const environments = runs.some(({ environment }) => environment !== undefined)
  const head = [
    ...(environments ? ['Environment'] : []),
    'Project',
    ...(planned ? ['Create', 'Update', 'Replace', 'Delete', 'Adopt', 'Blocked'] : ['Errors', 'Warnings']),
    'Result',
  ]
  const lines = runs.map((run) => [
    ...(environments ? [markdownText(run.environment ?? '')] : []),
    markdownText(run.project ?? run.plan?.project ?? ''),
    ...(planned ? planCells(run) : remarkCells(run, command)),
    resultCell(run, command),
  ])
  return [row(head), row(head.map((title) => (NUMBERS.has(title) ? '---:' : '---'))), ...lines.map(row)].join('\n')
}

const NUMBERS: ReadonlySet<string> = new Set([
  'Create',
  'Update',
  'Replace',
  'Delete',
  'Adopt',
  'Blocked',
  'Errors',
  'Warnings',
])

function planCells({ plan }: RunResult): string[] {
  if (plan === undefined) return ['', '', '', '', '', '']
  const counts = planCounts(plan)
  return [counts.create, counts.update, counts.replace, counts.delete, counts.adopt, counts.blocked].map(String)
}

function remarkCells(run: RunResult, command: string): string[] {
  const remarks = runRemarks(run, command)
  return (['error', 'warning'] as const).map((level) =>
    String(remarks.filter(({ severity }) => severity === level).length),
  )
}

function resultCell(run: RunResult, command: string): string {
  const { plan, report, failure } = run
  if (failure !== undefined) return `❌ ${markdownText(failure.code)}`
  if (report !== undefined) {
    const wrong = report.outcomes.some(({ status }) => status !== 'done' && status !== 'kept')
    return wrong || report.recordFailed !== undefined ? '❌ partially applied' : '✅ applied'
  }
  if (plan !== undefined) {
    if (plan.blocks.length > 0) return '⛔ blocked'
    if (plan.changes.length === 0) return '✅ nothing to change'
    return command === 'drift' ? '⚠️ drift' : '📝 changes'
  }
  return runRemarks(run, command).some(({ severity }) => severity === 'error') ? '❌ invalid' : '✅ valid'
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
