import type { Report } from '../../apply/report.ts'
import type { PlanSurvey } from '../../insight/survey/survey-for-plan.ts'
import type { Plan } from '../../plan/plan.ts'

/** A plan as JSON, for programs, with its survey where there is one. Secrets turn into `(secret)`. */
export function planJson(plan: Plan, survey?: PlanSurvey): string {
  return `${JSON.stringify({ ...plan, survey }, undefined, 2)}\n`
}

/** A plan and its outcome as JSON, for programs. `report` is absent when nothing was begun. */
export function applyJson(plan: Plan, report: Report | undefined): string {
  return `${JSON.stringify({ format: 1, plan, report }, undefined, 2)}\n`
}
