import { type Ownership, OwnEntries } from '../../broker/records/ownership.ts'

/**
 * The owner of an object according to the records, for a plan that is executed later. If the object later has another
 * owner or is protected, the plan no longer fits.
 */
export type OwnerState = 'owned' | 'adopted' | 'protected' | 'foreign' | 'unowned'

/** Determines the owners of objects by address, from the point of view of a project, in the virtual hosts of a run. */
export function ownerStates(ownership: Ownership, vhosts: readonly string[]): (address: string) => OwnerState {
  const own = new OwnEntries(ownership, new Set(vhosts))
  return (address) => {
    if (ownership.foreign.has(address)) return 'foreign'
    if (own.isProtected(address)) return 'protected'
    return own.stateOf(address) ?? 'unowned'
  }
}
