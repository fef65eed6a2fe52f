import type { Change } from '../../plan/change.ts'
import { ownershipChanges } from '../../plan/ownership/ownership-changes.ts'
import type { Plan } from '../../plan/plan.ts'

/** The number of changes of each kind in a plan, for the tables of runs. */
export interface PlanCounts {
  readonly create: number
  readonly update: number
  /** Renames included. */
  readonly replace: number
  readonly delete: number
  /** Existing objects that this project becomes the owner of, from no owner or from another project. */
  readonly adopt: number
  /** Objects that need a decision, regardless of the number of their blocks. */
  readonly blocked: number
}

/** Counts the changes of a plan, and the objects that block it. */
export function planCounts(plan: Pick<Plan, 'changes' | 'blocks' | 'ownership'>): PlanCounts {
  const { changes, blocks } = plan
  const { adopted, takenOver } = ownershipChanges(plan)
  const count = (...actions: readonly Change['action'][]) =>
    changes.filter(({ action }) => actions.includes(action)).length
  return {
    create: count('create'),
    update: count('update'),
    replace: count('replace', 'rename'),
    delete: count('delete'),
    adopt: adopted.length + takenOver.reduce((sum, { addresses }) => sum + addresses.length, 0),
    blocked: new Set(blocks.map(({ address }) => address)).size,
  }
}
