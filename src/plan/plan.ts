import type { NotExported } from '../model/not-exported.ts'
import type { Block } from './block.ts'
import type { Change } from './change.ts'
import type { RequiredRight } from './guards/right.ts'
import type { Note } from './note.ts'
import type { PlannedOwnership } from './ownership/planned-ownership.ts'
import type { PlannedMode } from './plan-mode.ts'

/**
 * The changes that make a broker match the files. Plain data: renderers and apply use nothing else, and it reveals no
 * secret.
 */
export interface Plan {
  /** The version of this format. */
  readonly format: 2
  readonly project: string
  /** The environment of a config; absent if there is none. */
  readonly environment?: PlannedEnvironment
  readonly broker: PlannedBroker
  /** The definitions file that was read instead of a broker; absent if a broker was read. */
  readonly against?: PlannedAgainst
  readonly files: PlannedFiles
  /** The virtual hosts of the run. */
  readonly vhosts: readonly string[]
  readonly mode: PlannedMode
  readonly ownership: PlannedOwnership
  /**
   * Objects that the login may not read and that were therefore not compared. An apply refuses a plan with any.
   * Absent if there are none.
   */
  readonly notCompared?: readonly NotCompared[]
  /** Why an apply runs without a lock, and therefore deletes and replaces nothing. */
  readonly unlocked?: string
  /** The consumers of queues that are replaced or renamed; absent if there are none. */
  readonly consumers?: readonly QueueConsumers[]
  /** The permissions that the login lacks for an apply, as far as known; absent if none is missing. */
  readonly rights?: PlannedRights
  /** Ordered by vhost, kind and name, so that two runs print the same text. */
  readonly changes: readonly Change[]
  /** Why changes cannot be made. A plan with blocks is not applied, not even in part. */
  readonly blocks: readonly Block[]
  /** Properties that cannot be compared, because a reference has no value. */
  readonly unknowns: readonly Unknown[]
  /** The effects of policies on declared objects, and the limits that are reached. */
  readonly notes: readonly Note[]
  /** Objects that `prune` keeps although they are owned and no longer declared. */
  readonly kept: readonly Kept[]
  /** Declared objects that already exist as declared. */
  readonly unchanged: number
  /** Objects that this project owns or has adopted and no longer declares, and that this plan does not delete. */
  readonly prunable: number
  /** The adopted ones among them, which a prune deletes only if their addresses are given; absent if there are none. */
  readonly prunableAdopted?: number
  /** Objects in the declared vhosts that no file declares and this project does not own. They are never changed. */
  readonly undeclared: number
  /** Sentences about what an undo plan cannot restore. */
  readonly cannotBringBack?: readonly string[]
  /**
   * The SHA-256 of everything that decides what an apply does, in hexadecimal digits. Equal plans have equal digests.
   */
  readonly digest: string
}

export interface PlannedEnvironment {
  readonly name: string
  /** Environment variables with addresses of a broker that the connection does not use. */
  readonly unusedVariables: readonly string[]
}

export interface PlannedBroker {
  /** Empty if a definitions file does not contain it. */
  readonly name: string
  readonly version: string
  /** Base URL of the management API, without login; empty when the plan was made against a definitions file. */
  readonly url: string
}

export interface PlannedAgainst {
  /** As given. */
  readonly path: string
  /** The sections that the file lacks, with the declared objects that were therefore not compared, or not in full. */
  readonly notExported: readonly NotCompared[]
}

/** Declared objects that were not compared, or not in full, because some state of the broker is unknown. */
export interface NotCompared {
  readonly what: NotExported
  readonly addresses: readonly string[]
}

/** The consumers of a queue that is replaced or renamed: their programs may declare it with the old arguments. */
export interface QueueConsumers {
  /** Of the live queue. */
  readonly address: string
  readonly clients: readonly ConsumingClient[]
  /** The number of further consumers without known properties. */
  readonly unknown: number
}

/** One connection with consumers. Unreadable properties are absent. */
export interface ConsumingClient {
  readonly user?: string
  /** The client's description of itself: its product and version, and its name. */
  readonly product?: string
  readonly name?: string
  /** Host and port of the client. */
  readonly peer?: string
  /** The number of its consumers on the queue. */
  readonly consumers: number
}

/** The permissions that a login lacks for an apply. */
export interface PlannedRights {
  readonly user: string
  readonly missing: readonly RequiredRight[]
  /** Commands that grant the missing permissions and no others. */
  readonly grants: readonly string[]
  /** Why other permissions could not be checked. */
  readonly unverified?: string
}

export interface PlannedFiles {
  /** As given on the command line. */
  readonly paths: readonly string[]
  readonly count: number
  readonly overlays: readonly string[]
  /** The template files outside the git repository. Default: none. */
  readonly templatesOutside?: readonly string[]
}

/** An object that a prune or destroy would delete but does not. */
export type Kept =
  /** The delay queue of a removed delay that still contains messages, or its binding. */
  | { readonly address: string; readonly reason: 'waiting'; readonly messages: number }
  /** A virtual host is deleted only when its address is allowed. */
  | { readonly address: string; readonly reason: 'vhost' }
  /** Other documents or projects count on it too. */
  | { readonly address: string; readonly reason: 'shared' }

/** A property that cannot be compared, because a reference has no value. */
export interface Unknown {
  readonly address: string
  readonly property: string
  /** Such as `EMAIL_WORKER_PASSWORD is not set`. */
  readonly missing: string
}
