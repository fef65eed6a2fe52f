import type { LintFinding } from '../../insight/lint/lint.ts'
import type { PlanSurvey } from '../../insight/survey/survey-for-plan.ts'

/**
 * Additions to the output of `plan` that options request. They are not part of the plan, and a saved plan does not
 * contain them.
 */
export interface PlanAdditions {
  /** The survey of `plan` with `showUnmanaged`, for text and JSON. Default: none. */
  readonly survey?: PlanSurvey
  /** The findings about changed objects of `plan` with `lint`. Default: none. */
  readonly lint?: readonly LintFinding[]
  /** The texts of the files, for code frames of these findings in text. Default: no code frames. */
  readonly sources?: ReadonlyMap<string, string>
}
