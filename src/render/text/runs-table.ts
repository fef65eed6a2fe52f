import type { Plan } from '../../plan/plan.ts'
import { planCounts } from '../words/plan-counts.ts'
import { showText } from '../words/show-value.ts'

/** The data of a run in the table at the end. */
export interface TableRun {
  readonly environment?: string
  readonly project: string
  /** Absent if the run ended earlier. */
  readonly plan?: Plan
  /** Absent if the run was skipped. */
  readonly exitCode?: number
}

const HEADINGS = ['Environment', 'Project', 'Create', 'Update', 'Replace', 'Delete', 'Adopt', 'Blocked', 'Exit']

/** One line for each run: its changes, its blocks, and its exit code. */
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
