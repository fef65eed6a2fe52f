import type { Plan } from '../plan.ts'

/**
 * The changes of ownership in a plan, for all virtual hosts together. A user counts once, however many records name
 * it.
 */
export interface OwnershipChanges {
  /** Addresses of existing objects without an owner that the project adopts. */
  readonly adopted: readonly string[]
  /** Objects that the project takes over from another one. */
  readonly takenOver: readonly { readonly from: string; readonly addresses: readonly string[] }[]
  /** Addresses of existing objects that the project no longer owns. */
  readonly released: readonly string[]
  /** Entries of objects that no longer exist. */
  readonly forgotten: readonly string[]
  /** Removed from the record of a removed tenant, because another record of the project also contains them. */
  readonly ownedElsewhere: readonly string[]
  /** Existing objects that become protected. */
  readonly protected: readonly string[]
  readonly unprotected: readonly string[]
}

/** Summarizes the record changes of a plan in addition to created and deleted objects. */
export function ownershipChanges({ changes, ownership }: Pick<Plan, 'changes' | 'ownership'>): OwnershipChanges {
  const { records } = ownership
  const created = new Set(changes.flatMap(({ action, address }) => (action === 'create' ? [address] : [])))
  const all = (list: 'adopt' | 'release' | 'forget' | 'drop' | 'protect' | 'unprotect') =>
    distinct(records.flatMap((each) => each[list]))
  const takes = records.flatMap(({ take }) => take)
  return {
    adopted: all('adopt'),
    takenOver: distinct(takes.map(({ from }) => from)).map((from) => ({
      from,
      addresses: distinct(
        takes.flatMap((each) => (each.from === from ? [...each.owned, ...each.adopted, ...each.protected] : [])),
      ),
    })),
    released: all('release'),
    forgotten: all('forget'),
    ownedElsewhere: all('drop'),
    protected: all('protect').filter((at) => !created.has(at)),
    unprotected: all('unprotect'),
  }
}

/** Whether records change only because of created and deleted objects. */
export function changesNoOwner(changes: OwnershipChanges): boolean {
  return Object.values(changes).every((list: readonly unknown[]) => list.length === 0)
}

/** Whether an apply of a plan writes anything: objects, or only ownership. */
export function hasWork({ changes, ownership }: Pick<Plan, 'changes' | 'ownership'>): boolean {
  return changes.length > 0 || ownership.records.length > 0 || ownership.unfinished.length > 0
}

/**
 * Whether `--detailed-exitcode` counts a plan as pending: every change counts, except for removing entries of objects
 * that no longer exist, or that another record of the project also contains. Such entries have no effect, and every
 * stopped run may leave some.
 */
export function isPending({ changes, ownership }: Pick<Plan, 'changes' | 'ownership'>): boolean {
  const { forgotten: _forgotten, ownedElsewhere: _elsewhere, ...owners } = ownershipChanges({ changes, ownership })
  return (
    changes.length > 0 ||
    ownership.unfinished.length > 0 ||
    Object.values(owners).some((list: readonly unknown[]) => list.length > 0)
  )
}

function distinct(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].toSorted()
}
