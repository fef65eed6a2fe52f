import type { Block } from '../block.ts'
import type { Change } from '../change.ts'
import type { Unsuitable } from '../note.ts'
import type { Kept, Unknown } from '../plan.ts'

/** The planned changes of one object. */
export interface Step {
  readonly address: string
  readonly change?: Change
  readonly blocks?: readonly Block[]
  readonly unknowns?: readonly Unknown[]
  readonly kept?: Kept
  /** Why `--skip-unsuitable` leaves it out of the migration. */
  readonly notMigrated?: Unsuitable
  /** Whether it exists without an owner, so that the next apply records it as adopted. */
  readonly adopts?: true
  /** The other project of the run that declares it, if it does not exist yet. */
  readonly expectedOf?: string
  /** Whether it has deleted itself, and is not recreated. */
  readonly isCompleted?: true
}
