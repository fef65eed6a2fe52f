import type { Report } from '../../apply/report.ts'
import type { ErrorCode } from '../../diagnostics/error-code.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import type { BreakingRule } from '../../insight/breaking/breaking-rules.ts'
import type { PlanSurvey } from '../../insight/survey/survey-for-plan.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { Plan } from '../../plan/plan.ts'

/** The result of a command, for formats for other programs and for reviewers. */
export interface CommandResult {
  /** The command without `warren`, such as `plan`. */
  readonly command: string
  /** One entry for each project and environment, in the order in which they were run. */
  readonly runs: readonly RunResult[]
  /** The common digest of the plans of several runs; absent if a plan is missing. */
  readonly digest?: string
  /** The exit code of a command with several runs. */
  readonly exitCode?: number
}

/** The result of one project in one environment. Parts that the run did not reach are absent. */
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
  /** The unmanaged objects in the vhosts of the plan; absent unless requested. */
  readonly survey?: PlanSurvey
  /** Present after anything was written to the broker. */
  readonly report?: Report
  /** The effects of a change of the files on programs. */
  readonly changesForUsers?: readonly ChangeForUsers[]
  /** Why the run ended early. */
  readonly failure?: RunFailure
  /** The exit code of this run. Absent if it is the only run, or was skipped. */
  readonly exitCode?: number
}

/** A finding of `breaking` for reviewers. */
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

/** Names a run in a title: `prod / shop`, `shop`, or the command if neither is known. */
export function runTitle({ command }: CommandResult, { environment, project, plan }: RunResult): string {
  const names = [environment, project ?? plan?.project].filter((name) => name !== undefined)
  return names.length === 0 ? command : names.join(' / ')
}
