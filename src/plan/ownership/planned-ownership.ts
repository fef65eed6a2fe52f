import type { TakenOver } from '../../broker/records/hand-over.ts'

/** The known owners. */
export interface PlannedOwnership {
  /**
   * `known`: the records on the broker were read. `unknown`: the login may not read them. `none`: there are no records,
   * as for test fixtures and definitions files.
   */
  readonly state: 'known' | 'unknown' | 'none'
  /** Existing declared objects without an owner, which the next apply records as adopted. */
  readonly adopts: readonly string[]
  /** Virtual hosts of the run without a record: nothing in them can be pruned. */
  readonly unrecorded: readonly string[]
  /** Existing virtual hosts in which the project has records but which no document names. */
  readonly elsewhere: readonly Elsewhere[]
  /** Addresses whose hand-over from or to the project an earlier run has not finished. The next apply finishes it. */
  readonly unfinished: readonly string[]
  /** The record changes of an apply in addition to created and deleted objects. */
  readonly records: readonly RecordChange[]
}

/** The project's objects in a virtual host that no document names. */
export interface Elsewhere {
  readonly vhost: string
  /** The number of objects that the project owns or has adopted there. */
  readonly owned: number
}

/** The changes in the record of a virtual host. All are addresses. */
export interface RecordChange {
  readonly vhost: string
  readonly adopt: readonly string[]
  /** Objects that the project no longer owns, because they are declared as external. */
  readonly release: readonly string[]
  /** Entries of objects that no longer exist. */
  readonly forget: readonly string[]
  /**
   * Only in the record of a removed tenant: users and global parameters that another record of the project also
   * contains.
   */
  readonly drop: readonly string[]
  readonly protect: readonly string[]
  readonly unprotect: readonly string[]
  /** Objects that are taken over from other projects. */
  readonly take: readonly TakenOver[]
}
