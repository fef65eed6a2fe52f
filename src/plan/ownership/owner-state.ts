import { type Ownership, OwnEntries } from '../../broker/records/ownership.ts'

/**
 * Whose an object is, as the records say, for a plan that is carried out later: what has another owner by then, or is
 * protected, is not what the plan was made for.
 */
export type OwnerState = 'owned' | 'adopted' | 'protected' | 'foreign' | 'unowned'

/** Answers whose an object is to a project, by its address, in the virtual hosts of a run. */
export function ownerStates(ownership: Ownership, vhosts: readonly string[]): (address: string) => OwnerState {
  const own = new OwnEntries(ownership, new Set(vhosts))
  return (address) => {
    if (ownership.foreign.has(address)) return 'foreign'
    if (own.isProtected(address)) return 'protected'
    return own.stateOf(address) ?? 'unowned'
  }
}
