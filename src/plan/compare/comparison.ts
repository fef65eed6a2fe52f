import type { Difference } from '../change.ts'
import type { Unknown } from '../plan.ts'

/** The differences of a live object from the desired one. */
export interface Comparison {
  readonly differences: readonly Difference[]
  /** The properties that could not be compared. The caller adds the address. */
  readonly unknowns: readonly Omit<Unknown, 'address'>[]
}
