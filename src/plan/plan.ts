import type { NotExported } from '../model/not-exported.ts'
import type { Block } from './block.ts'
import type { Change } from './change.ts'
import type { RequiredRight } from './guards/right.ts'
import type { Note } from './note.ts'
import type { PlannedOwnership } from './ownership/planned-ownership.ts'
import type { PlannedMode } from './plan-mode.ts'

/**
 * What has to be done to a broker so that it becomes what the files say. Plain data: renderers and apply use only
 * this, and nothing in it tells a secret.
 */
export interface Plan {
  /** The version of this format. */
  readonly format: 2
  readonly project: string
  readonly broker: PlannedBroker
  /** The definitions file that stood for the broker; absent when the broker itself was asked. */
  readonly against?: PlannedAgainst
  readonly files: PlannedFiles
  /** The virtual hosts of the run. */
  readonly vhosts: readonly string[]
  readonly mode: PlannedMode
  readonly ownership: PlannedOwnership
  /** What the login may not read, and so was not compared: an apply of it is refused. Absent where all was. */
  readonly notCompared?: readonly NotCompared[]
  /** Why an apply goes on without a lock, and so deletes and replaces nothing. */
  readonly unlocked?: string
  /** Who consumes the queues that are replaced or renamed; absent where nobody does. */
  readonly consumers?: readonly QueueConsumers[]
  /** What the login lacks for an apply, as far as that is known; absent where it has all rights. */
  readonly rights?: PlannedRights
  /** Ordered by vhost, kind and name, so that two runs give the same text. */
  readonly changes: readonly Change[]
  /** Why changes cannot be made. A plan with any is applied not even in part. */
  readonly blocks: readonly Block[]
  /** What cannot be told without a reference that is not set. */
  readonly unknowns: readonly Unknown[]
  /** What policies will do to declared objects, in addition to what their declarations say, and which limits are met. */
  readonly notes: readonly Note[]
  /** What `prune` leaves where it is, though it is owned and no longer declared. */
  readonly kept: readonly Kept[]
  /** Declared objects that are on the broker as declared. */
  readonly unchanged: number
  /** Objects that this project owns or has adopted and no longer declares, and that this plan does not delete. */
  readonly prunable: number
  /** How many of them it has adopted, which a prune deletes only by their addresses; absent where there are none. */
  readonly prunableAdopted?: number
  /** Objects in the declared vhosts that no file declares and this project does not own. They are never touched. */
  readonly undeclared: number
  /** Sentences about what a plan that takes back an apply cannot bring back. */
  readonly cannotBringBack?: readonly string[]
  /** The SHA-256 of all that decides what an apply does, in hexadecimal digits: equal plans have equal digests. */
  readonly digest: string
}

export interface PlannedBroker {
  /** Empty where a definitions file does not tell it. */
  readonly name: string
  readonly version: string
  /** Base URL of the management API, without login; empty when a definitions file stood for the broker. */
  readonly url: string
}

export interface PlannedAgainst {
  /** As given. */
  readonly path: string
  /** What the file cannot tell, with the declared objects that were not compared, or not in full, for that reason. */
  readonly notExported: readonly NotCompared[]
}

/** Declared objects that were not compared, or not in full, since something is not known of the broker. */
export interface NotCompared {
  readonly what: NotExported
  readonly addresses: readonly string[]
}

/** Who consumes a queue that is replaced or renamed: programs that may declare it with its old arguments. */
export interface QueueConsumers {
  /** Of the live queue. */
  readonly address: string
  readonly clients: readonly ConsumingClient[]
  /** How many more consumers there are, of which nothing is known. */
  readonly unknown: number
}

/** One connection with consumers. What could not be read is absent. */
export interface ConsumingClient {
  readonly user?: string
  /** What it says of itself: its product and version, and its name. */
  readonly product?: string
  readonly name?: string
  /** Host and port that it connects from. */
  readonly peer?: string
  /** How many consumers it has on the queue. */
  readonly consumers: number
}

/** What a login lacks for an apply. */
export interface PlannedRights {
  readonly user: string
  readonly missing: readonly RequiredRight[]
  /** Commands that grant what is missing and no more. */
  readonly grants: readonly string[]
  /** Why other rights are not known. */
  readonly unverified?: string
}

export interface PlannedFiles {
  /** As given on the command line. */
  readonly paths: readonly string[]
  readonly count: number
  readonly overlays: readonly string[]
}

/** An object that a prune or destroy would delete and does not. */
export type Kept =
  /** The delay queue of a removed delay in which messages wait still, or its binding. */
  | { readonly address: string; readonly reason: 'waiting'; readonly messages: number }
  /** A virtual host is deleted only when its address is allowed. */
  | { readonly address: string; readonly reason: 'vhost' }
  /** Other documents or projects count on it too. */
  | { readonly address: string; readonly reason: 'shared' }

/** A property that cannot be compared, since a reference is not set. */
export interface Unknown {
  readonly address: string
  readonly property: string
  /** Such as `EMAIL_WORKER_PASSWORD is not set`. */
  readonly missing: string
}
