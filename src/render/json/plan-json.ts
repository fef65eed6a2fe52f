import type { Report } from '../../apply/report.ts'
import type { PlanAdditions } from '../result/plan-additions.ts'
import type { Plan } from '../../plan/plan.ts'
import { lintFindingJson } from '../lint/lint-json.ts'

/** A plan as JSON, for programs, with the additions that options request. Secrets become `(secret)`. */
export function planJson(plan: Plan, additions: PlanAdditions = {}): string {
  return `${JSON.stringify(withAdditions(plan, additions), undefined, 2)}\n`
}

/** A plan with its survey and its lint findings, if there are any. */
export function withAdditions(plan: Plan, { survey, lint }: PlanAdditions) {
  return { ...plan, ...(survey && { survey }), ...(lint && { lint: lint.map(lintFindingJson) }) }
}

/** A plan and its outcome as JSON, for programs. `report` is absent if nothing was begun. */
export function applyJson(plan: Plan, report: Report | undefined): string {
  return `${JSON.stringify({ format: 1, plan, report }, undefined, 2)}\n`
}
