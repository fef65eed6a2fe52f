import type { Change, Plan } from '../plan/plan.ts'
import type { Style } from './style.ts'

/** The last line of a plan: what would be done, and how much is left alone. */
export function summaryText(plan: Plan, style: Style): string {
  const blocked = new Set(plan.blocks.map(({ address }) => address))
  const replaced = new Set(plan.changes.filter(({ action }) => action === 'replace').map(({ address }) => address))
  const parts = [
    part(countBy(plan.changes, 'create'), 'to create'),
    part(countBy(plan.changes, 'update'), 'to update'),
    part(replacements(plan, false), 'to replace'),
    part(replacements(plan, true), 'to replace (blocked)'),
    part(countBy(plan.changes, 'rename'), 'to rename'),
    part(countBy(plan.changes, 'delete'), 'to delete'),
    part([...blocked].filter((address) => !replaced.has(address)).length, 'blocked'),
    part(plan.kept.length, 'kept'),
    part(plan.unknowns.length, 'unknown'),
    part(notCompared(plan), 'not compared'),
    `${plan.unchanged} unchanged`,
    part(plan.prunable - plan.kept.length, 'no longer declared (deleted by --prune)'),
    part(plan.undeclared, 'not ours'),
  ].filter((each) => each !== undefined)
  const nothing = plan.changes.length === 0 && blocked.size === 0 ? 'nothing to do, ' : ''
  return `${style.strong('Summary')}  ${nothing}${parts.join(', ')}`
}

function notCompared({ against }: Plan): number {
  return new Set((against?.untold ?? []).flatMap(({ addresses }) => addresses)).size
}

function countBy(changes: readonly Change[], action: Change['action']): number {
  return changes.filter((change) => change.action === action).length
}

/** How many replacements wait for a decision, or how many do not. */
function replacements({ changes }: Plan, undecided: boolean): number {
  return changes.filter((change) => change.action === 'replace' && (change.how === 'undecided') === undecided).length
}

function part(count: number, words: string): string | undefined {
  return count <= 0 ? undefined : `${count} ${words}`
}
