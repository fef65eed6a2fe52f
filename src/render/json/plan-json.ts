import type { Plan } from '../../plan/plan.ts'

/** A plan as JSON, for programs. Secrets turn into `(secret)`. */
export function planJson(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`
}
