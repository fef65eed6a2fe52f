import type { Report } from '../../apply/report.ts'
import type { ErrorCode } from '../../diagnostics/error-code.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import type { BreakingRule } from '../../insight/breaking/breaking-rules.ts'
import type { PlanSurvey } from '../../insight/survey/survey-for-plan.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { Plan } from '../../plan/plan.ts'

/** The result of a command, as all formats for other programs and for reviewers render it. */
export interface CommandResult {
  /** The command without `warren`, such as `plan`. */
  readonly command: string
  /** One entry for each project and environment, in the order in which they were run. */
  readonly runs: readonly RunResult[]
  /** Of the plans of several runs together; absent where one is missing. */
  readonly digest?: string
  /** How the command ended, where it had several runs. */
  readonly exitCode?: number
}

/** The result of one project in one environment. Everything that the run did not get to is absent. */
export interface RunResult {
  readonly environment?: string
  readonly project?: string
  /** Findings about the files. */
  readonly findings: readonly Finding[]
  /** Findings of rules. */
  readonly lint?: readonly LintFinding[]
  /** The texts of the files by their shown path. */
  readonly sources: ReadonlyMap<string, string>
  readonly plan?: Plan
  /** What is unmanaged in the vhosts of the plan; absent unless it was requested. */
  readonly survey?: PlanSurvey
  /** Present once anything was written to the broker. */
  readonly report?: Report
  /** What a change of the files means for programs. */
  readonly changesForUsers?: readonly ChangeForUsers[]
  /** Why the run ended early. */
  readonly failure?: RunFailure
  /** The exit code that the run comes to by itself. Absent where it is the only one, or was skipped. */
  readonly exitCode?: number
}

/** A finding of `breaking`, as reviewers see it. */
export interface ChangeForUsers {
  readonly severity: 'error' | 'warning' | 'note'
  readonly code: BreakingRule
  readonly message: string
  readonly hint?: string
  readonly address: string
  readonly location?: Location
}

/** The error that ended a run. */
export interface RunFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
}

/** Names a run in a title: `prod / shop`, `shop`, or the command where neither is known. */
export function runTitle({ command }: CommandResult, { environment, project, plan }: RunResult): string {
  const names = [environment, project ?? plan?.project].filter((name) => name !== undefined)
  return names.length === 0 ? command : names.join(' / ')
}
