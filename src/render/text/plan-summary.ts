import { hasWork, ownershipChanges } from '../../plan/ownership/ownership-changes.ts'
import type { Change } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Style } from '../words/style.ts'

/** The summary line of a plan: the number of changes by kind, and the number of unchanged objects. */
export function summaryText(plan: Plan, style: Style): string {
  const blocked = new Set(plan.blocks.map(({ address }) => address))
  const owners = ownershipChanges(plan)
  const adopted = plan.prunableAdopted ?? 0
  const parts = [
    part(countBy(plan.changes, 'create'), 'to create'),
    part(countBy(plan.changes, 'update'), 'to update'),
    part(countBy(plan.changes, 'replace'), 'to replace'),
    part(countBy(plan.changes, 'rename'), 'to rename'),
    part(countBy(plan.changes, 'delete'), 'to delete'),
    part(owners.adopted.length, 'to adopt'),
    part(
      owners.takenOver.reduce((sum, { addresses }) => sum + addresses.length, 0),
      'to take over',
    ),
    part(plan.ownership.unfinished.length, 'to finish handing over'),
    part(owners.released.length, 'to release'),
    part(owners.protected.length, 'to protect'),
    part(owners.unprotected.length, 'no longer to protect'),
    part(owners.forgotten.length, 'to forget (gone)'),
    part(owners.ownedElsewhere.length, 'still owned through another vhost'),
    part(blocked.size, 'blocked'),
    part(plan.kept.length, 'kept'),
    part(plan.unknowns.length, 'unknown'),
    part(countNotCompared(plan), 'not compared'),
    `${plan.unchanged} unchanged`,
    part(plan.prunable - plan.kept.length - adopted, 'no longer declared (deleted by --prune)'),
    part(adopted, 'adopted, no longer declared (pruned only with --allow delete=ADDRESS)'),
    part(plan.undeclared, 'not ours'),
  ].filter((each) => each !== undefined)
  const nothing = !hasWork(plan) && blocked.size === 0 ? 'nothing to do, ' : ''
  return `${style.strong('Summary')}  ${nothing}${parts.join(', ')}`
}

function countNotCompared({ against, notCompared = [] }: Plan): number {
  return new Set([...(against?.notExported ?? []), ...notCompared].flatMap(({ addresses }) => addresses)).size
}

function countBy(changes: readonly Change[], action: Change['action']): number {
  return changes.filter((change) => change.action === action).length
}

function part(count: number, words: string): string | undefined {
  return count <= 0 ? undefined : `${count} ${words}`
}
