import type { Change } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'

/** How many changes a plan has of each kind, as the tables of runs show them. */
export interface PlanCounts {
  readonly create: number
  readonly update: number
  /** Renames included. */
  readonly replace: number
  readonly delete: number
  /** Objects that need a decision, however many reasons block each of them. */
  readonly blocked: number
}

/** Counts the changes of a plan, and the objects that block it. */
export function planCounts({ changes, blocks }: Pick<Plan, 'changes' | 'blocks'>): PlanCounts {
  const count = (...actions: readonly Change['action'][]) =>
    changes.filter(({ action }) => actions.includes(action)).length
  return {
    create: count('create'),
    update: count('update'),
    replace: count('replace', 'rename'),
    delete: count('delete'),
    blocked: new Set(blocks.map(({ address }) => address)).size,
  }
}
