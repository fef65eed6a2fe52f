import type { Plan } from '../../plan/plan.ts'
import { planCounts } from '../words/plan-counts.ts'
import { showText } from '../words/show-value.ts'

/** A run of a workspace, as the table at the end names it. */
export interface TableRun {
  readonly environment?: string
  readonly project: string
  /** Absent where the run ended before. */
  readonly plan?: Plan
  /** Absent where the run was skipped. */
  readonly exitCode?: number
}

const HEADINGS = ['Environment', 'Project', 'Create', 'Update', 'Replace', 'Delete', 'Adopt', 'Blocked', 'Exit']

/** One line for each run: what its plan changes, what blocks it, and its exit code. */
export function runsTable(runs: readonly TableRun[]): string {
  const rows = runs.map(({ environment, project, plan, exitCode }) => [
    environment === undefined ? '-' : showText(environment),
    showText(project),
    ...countsOf(plan),
    exitCode === undefined ? 'skipped' : String(exitCode),
  ])
  const all = [HEADINGS, ...rows]
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function countsOf(plan: Plan | undefined): readonly string[] {
  if (plan === undefined) return ['-', '-', '-', '-', '-', '-']
  const counts = planCounts(plan)
  return [counts.create, counts.update, counts.replace, counts.delete, counts.adopt, counts.blocked].map(String)
}
