import type { Report } from '../../apply/report.ts'
import type { Plan } from '../../plan/plan.ts'

/** A plan as JSON, for programs. Secrets turn into `(secret)`. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`
}

/** A plan and its outcome as JSON, for programs. `report` is absent when nothing was begun. */
export function applyJson(plan: Plan, report: Report | undefined): string {
  return `${JSON.stringify({ format: 1, plan, report }, undefined, 2)}\n`
}
