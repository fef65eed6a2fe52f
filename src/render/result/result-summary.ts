import { countOutcomes } from '../../apply/report.ts'
import { summaryText } from '../text/plan-summary.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { styleFor } from '../words/style.ts'
import { type CommandResult, type RunResult, runTitle } from './command-result.ts'
import { runRemarks } from './remark.ts'

/** Summarizes a result in one line per run. */
export function resultSummary(result: CommandResult): string {
  return result.runs
    .map((run) => (result.runs.length === 1 ? '' : `${runTitle(result, run)}: `) + runSummary(run, result.command))
    .join('\n')
}

/** Summarizes one run: the executed changes, or the planned changes, or the number of findings. */
export function runSummary(run: RunResult, command: string): string {
  const { plan, report, failure } = run
  if (failure !== undefined) return `${failure.code}: ${failure.message}`
  if (report !== undefined) {
    return Object.entries(countOutcomes(report))
      .filter(([status, count]) => status === 'done' || count > 0)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')
  }
  if (plan !== undefined) return summaryText(plan, styleFor(false)).replace(/^Summary {2}/, '')
  const remarks = runRemarks(run, command)
  const errors = remarks.filter(({ severity }) => severity === 'error').length
  const warnings = remarks.filter(({ severity }) => severity === 'warning').length
  return `${countOf(errors, 'error')}, ${countOf(warnings, 'warning')}`
}
