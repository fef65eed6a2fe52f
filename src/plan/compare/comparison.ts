import type { Difference } from '../change.ts'
import type { Unknown } from '../plan.ts'

/** How a live object differs from the desired one. */
export interface Comparison {
  readonly differences: readonly Difference[]
  /** What could not be compared; the address is the caller's to add. */
  readonly unknowns: readonly Omit<Unknown, 'address'>[]
}
