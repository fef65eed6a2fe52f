import type { Location } from '../diagnostics/location.ts'
import type { Unsupported } from './broker-support/abilities.ts'
import type { SlotBinding, SlotRule } from '../model/binding-slot.ts'
import type { Binding, Kind, ObjectOf } from '../model/topology.ts'
import type { NotExported } from '../model/not-exported.ts'
import type { HoldingProblem } from './migration/holding-problem.ts'
import type { CapturedLoss, Note } from './note.ts'
import type { PlannedMode } from './plan-mode.ts'
import type { RequiredRight } from './guards/right.ts'
import type { TakenOver } from '../broker/records/hand-over.ts'

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

/** Who consumes a queue that is replaced or renamed: programs that may declare it as it was before. */
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

/** What is known of who owns what. */
export interface PlannedOwnership {
  /**
   * `known`: the records on the broker were read; `unknown`: the login may not read them; `none`: nothing is recorded, as
   * for fixtures of tests and definitions files.
   */
  readonly state: 'known' | 'unknown' | 'none'
  /** Existing declared objects without an owner, which the next apply records as adopted. */
  readonly adopts: readonly string[]
  /** Virtual hosts of the run without a record yet: nothing in them can be pruned. */
  readonly unrecorded: readonly string[]
  /** Existing virtual hosts in which the project has records and which no document names. */
  readonly elsewhere: readonly Elsewhere[]
  /** Addresses whose hand-over from or to the project an earlier run has not finished. The next apply finishes it. */
  readonly unfinished: readonly string[]
  /** What an apply writes into the records in addition to what it creates and deletes. */
  readonly records: readonly RecordChange[]
}

/** What a project has in a virtual host that no document names any more. */
export interface Elsewhere {
  readonly vhost: string
  /** How many objects the project owns or has adopted there. */
  readonly owned: number
}

/** How the record of a virtual host changes. All are addresses. */
export interface RecordChange {
  readonly vhost: string
  readonly adopt: readonly string[]
  /** No longer the project's: declared as somebody else's. */
  readonly release: readonly string[]
  /** Entries of objects that are gone. */
  readonly forget: readonly string[]
  /** Only in the record of a removed tenant: users and global parameters that the project owns by another record as well. */
  readonly drop: readonly string[]
  readonly protect: readonly string[]
  readonly unprotect: readonly string[]
  /** What is taken over from other projects. */
  readonly take: readonly TakenOver[]
}

/** An object that a prune or destroy would delete and does not. */
export type Kept =
  /** The delay queue of a removed delay in which messages wait still, or its binding. */
  | { readonly address: string; readonly reason: 'waiting'; readonly messages: number }
  /** A virtual host is deleted only when its address is allowed. */
  | { readonly address: string; readonly reason: 'vhost' }
  /** Other documents or projects count on it too. */
  | { readonly address: string; readonly reason: 'shared' }

interface ChangeOf<K extends Kind> {
  readonly kind: K
  /** `kind:vhost/name`. */
  readonly address: string
}

interface CreateOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'create'
  readonly after: ObjectOf[K]
}

interface DeleteOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'delete'
  readonly before: ObjectOf[K]
  /** Whether the project has adopted it: it existed before the project declared it. */
  readonly adopted?: true
  /** What goes with it; only of queues, exchanges, virtual hosts, and what takes other objects along. */
  readonly impact?: Impact
  /** Whether it is the delay queue of a removed delay, which stays when messages come into it. */
  readonly removedDelay?: true
  /** Only of bindings: others in the same slot, which are bound again so that they route. */
  readonly rebinds?: readonly SlotBinding[]
}

interface UpdateOf<K extends Kind> extends ChangeOf<K> {
  readonly action: 'update'
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
}

/** RabbitMQ cannot change this in place (rabbit_exchange, rabbit_amqqueue: assert_equivalence). */
interface ReplaceOf<K extends FixedKind> extends ChangeOf<K> {
  readonly action: 'replace'
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
  readonly how: ReplaceHow
  readonly impact?: Impact
  /** Declared bindings that take the slots of those that come back, whatever weight these had. */
  readonly bindsAs?: readonly SlotBinding[]
  /** Whether a run that was stopped has begun it. */
  readonly resumes?: true
}

/** The kinds that cannot be changed once they are declared. */
export type FixedKind = 'queue' | 'exchange'

/**
 * How a replacement is done: `recreate` deletes the object, with the messages of a queue, and makes it anew; `migrate`
 * keeps the messages; `undecided` is blocked.
 */
export type ReplaceHow = 'undecided' | 'recreate' | 'migrate'

/**
 * A binding takes the slot of others, or its own again: the broker drops the slot with any binding that is removed, so they
 * are all unbound first, and then it is bound.
 */
interface RebindOf extends ChangeOf<'binding'> {
  readonly action: 'replace'
  /** The live binding whose place it takes; it may be equal. */
  readonly before: Binding
  readonly after: Binding
  readonly differences: readonly Difference[]
  readonly how: 'rebind'
  readonly rule: SlotRule
  /** All live bindings in the slot, `before` included. */
  readonly unbinds: readonly Binding[]
  readonly gap: RebindGap
}

/** Where messages go between unbinding and binding: to the exchange's other destinations, to its alternate one, or nowhere. */
export type RebindGap = 'other-destinations' | 'alternate-exchange' | 'unroutable'

/** The object of another name becomes this one, with its messages and bindings. */
interface RenameOf<K extends FixedKind> extends ChangeOf<K> {
  readonly action: 'rename'
  /** Addresses of its live bindings that a prune leaves behind: the project's, and not declared for the new name. */
  readonly drops?: readonly string[]
  /** The project's other bindings that are not declared for the new name, by their old and new addresses. */
  readonly carries?: readonly { readonly from: string; readonly to: string }[]
  /** The address of `before`. */
  readonly from: string
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly impact?: Impact
  /** Declared bindings that take the slots of those that come back, whatever weight these had. */
  readonly bindsAs?: readonly SlotBinding[]
  /** Whether a run that was stopped has begun it. */
  readonly resumes?: true
}

/** What a step that deletes a queue, an exchange or a virtual host puts at risk, as it was when the plan was made. */
export interface Impact {
  /**
   * Messages on the live queue, ready, unacknowledged and held by dead-lettering, or on the queues of others in the virtual
   * host; absent for an exchange.
   */
  readonly messages?: number
  /** Consumers of the same; absent for an exchange. */
  readonly consumers?: number
  /** What the broker deletes with it and the plan does not delete itself, bindings apart; absent where there is nothing. */
  readonly cascades?: readonly AffectedObject[]
  /** What stays and sends its dead letters, or what it cannot route, there; absent where there is nothing. */
  readonly senders?: readonly AffectedObject[]
  /** Addresses of the live bindings of the object, from and to it, without the one to the default exchange. */
  readonly bindings: readonly string[]
  /** How many of them no file declares and this project does not own. */
  readonly undeclaredBindings: number
}

/** One step from the live to the desired topology. */
export type Change =
  | { [K in Kind]: CreateOf<K> | UpdateOf<K> | DeleteOf<K> }[Kind]
  | { [K in FixedKind]: ReplaceOf<K> | RenameOf<K> }[FixedKind]
  | RebindOf

/** A change that leaves a declared object behind. */
export type WriteChange = Exclude<Change, { action: 'delete' }>

export type DeleteChange = Extract<Change, { action: 'delete' }>

export type ReplaceChange = Extract<Change, { kind: FixedKind; action: 'replace' }>

export type RebindChange = Extract<Change, { kind: 'binding'; action: 'replace' }>

export type RenameChange = Extract<Change, { action: 'rename' }>

/** A property that differs. */
export type Difference =
  | {
      /** In the words of the file format; an argument is `arguments.x-message-ttl`. */
      readonly property: string
      /** Absent where there is none. */
      readonly before?: unknown
      readonly after?: unknown
    }
  /** A secret that differs: only that it does. */
  | { readonly property: string; readonly secret: 'changed' }

/** Why a change, or the whole plan, cannot be carried out. `address` is that of the object, or the option that is meant. */
export type Block =
  | {
      readonly reason: 'needs-replacement'
      readonly address: string
      readonly kind: FixedKind
      readonly properties: readonly string[]
      readonly impact?: Impact
      /** The queue whose failed messages it holds: whoever migrates that one migrates this one. */
      readonly migratedWith?: string
      /** Policy keys that could do it without a replacement, when they can do all of it. */
      readonly byPolicy?: readonly string[]
    }
  | { readonly reason: 'external-missing'; readonly address: string }
  | { readonly reason: 'own-login'; readonly address: string }
  | { readonly reason: 'untouchable'; readonly address: string }
  | { readonly reason: 'unsupported'; readonly address: string; readonly what: Unsupported }
  | { readonly reason: 'not-owned'; readonly address: string }
  | { readonly reason: 'foreign-owner'; readonly address: string; readonly project: string }
  /** The owner has an unfinished run or migration: what it owns cannot be taken over meanwhile. */
  | { readonly reason: 'hand-over-unfinished'; readonly address: string; readonly project: string }
  /** Taking over needs the locks of both projects. */
  | {
      readonly reason: 'hand-over-unlocked'
      readonly address: string
      readonly project: string
      readonly because: string
    }
  | { readonly reason: 'protected'; readonly address: string; readonly action: 'delete' | 'replace' | 'rename' }
  | { readonly reason: 'adopted'; readonly address: string }
  | { readonly reason: 'data-loss'; readonly address: string; readonly impact: Impact }
  | { readonly reason: 'uncounted'; readonly address: string; readonly because: string; readonly lacks?: UncountedFor }
  /** Of a virtual host: the first of its queues that cannot be counted. */
  | { readonly reason: 'queue-uncounted'; readonly address: string; readonly queue: string; readonly because: string }
  | { readonly reason: 'rename-both'; readonly address: string; readonly from: string }
  /** The broker would delete more with it that this project does not own. */
  | { readonly reason: 'cascades'; readonly address: string; readonly objects: readonly AffectedObject[] }
  /** Objects that stay, and that this project does not own, send dead letters there, or what they cannot route. */
  | { readonly reason: 'still-used'; readonly address: string; readonly senders: readonly AffectedObject[] }
  /** The broker routes by only one of two bindings that are both declared. */
  | { readonly reason: 'slot-taken'; readonly address: string; readonly by: string }
  /** The exchange is auto-delete, so it would go with its last binding. */
  | { readonly reason: 'rebind-deletes-exchange'; readonly address: string; readonly exchange: string }
  | { readonly reason: 'not-rebindable'; readonly address: string }
  | { readonly reason: 'unfinished-move'; readonly address: string }
  | { readonly reason: 'unfinished-replacement'; readonly address: string }
  | { readonly reason: 'move-impossible'; readonly address: string; readonly problem: HoldingProblem }
  /** Messages would wait in a queue of this name. */
  | {
      readonly reason: 'holding-name-taken'
      readonly address: string
      readonly holding: string
      /** The files declare it; absent where it is only on the broker. */
      readonly declared?: true
      /** Where the files declare it, and the object. */
      readonly places: readonly Location[]
    }
  /** The virtual host has no room for the queues that the plan needs at once. */
  | {
      readonly reason: 'queue-limit'
      readonly address: string
      readonly limit: number
      /** How many queues the plan needs at the most, the lock included where it is needed. */
      readonly needed: number
      /** How many of them exist, how many are created, and in how many messages wait while a queue is moved. */
      readonly live: number
      readonly created: number
      readonly moving: number
      /** Whether warren's lock is one of them. */
      readonly lock: boolean
    }
  /** Messages wait in other queues, and reach nothing when it is deleted. */
  | {
      readonly reason: 'awaited'
      readonly address: string
      readonly queues: readonly { readonly address: string; readonly messages: number }[]
    }
  /** A policy also holds for a queue that `retry` or `deadLetter` asks for, and messages would be lost by it. */
  | {
      readonly reason: 'policy-loses'
      readonly address: string
      readonly policy: string
      readonly losses: readonly CapturedLoss[]
      /** Where the files declare the policy, and the queue. */
      readonly places: readonly Location[]
    }
  /** The policy of `deadLetter` would take the place of another one, whose keys then no longer hold. */
  | {
      readonly reason: 'policy-displaced'
      readonly address: string
      readonly policy: string
      readonly queue: string
      readonly keys: readonly string[]
      readonly places: readonly Location[]
    }
  /** Another policy would keep that of `deadLetter` from its queue. */
  | {
      readonly reason: 'dead-letter-policy-outranked'
      readonly address: string
      readonly policy: string
      readonly queue: string
      readonly places: readonly Location[]
    }
  | { readonly reason: 'target-requires'; readonly address: string; readonly requires: string }
  /** An option whose address the plan cannot use; without a problem, nothing in the plan has it. */
  | {
      readonly reason: 'unmatched-address'
      readonly address: string
      readonly problem?: {
        readonly kind:
          | 'missing'
          | 'not-declared'
          | 'not-replaceable'
          | 'not-self-deleting'
          | 'external'
          | 'vhost-not-managed'
          | 'not-owned'
        /** The project that owns the object, where another one does. */
        readonly project?: string
      }
    }
  | {
      readonly reason: 'too-many-deletes'
      readonly address: string
      readonly deletes: number
      readonly owned: number
      readonly limit: string
    }
  | { readonly reason: 'empty-topology'; readonly address: string }
  | { readonly reason: 'ownership-unknown'; readonly address: string }
  | { readonly reason: 'record-damaged'; readonly address: string; readonly record: string; readonly format?: number }
  /** Another project, or this one in another virtual host, may count on it. */
  | {
      readonly reason: 'other-record-damaged'
      readonly address: string
      readonly record: string
      readonly format?: number
    }

/** What keeps a run from counting messages, where AMQP can be reached: the lock, or a limit of connections or channels. */
export type UncountedFor = 'lock' | 'limit'

/** An object that the broker deletes with another, and the project that owns it, if any. */
export interface AffectedObject {
  readonly address: string
  /** Another project. */
  readonly project?: string
  /** Whether this project owns or declares it, and the plan leaves it out. */
  readonly own?: true
}

/** A property that cannot be compared, since a reference is not set. */
export interface Unknown {
  readonly address: string
  readonly property: string
  /** Such as `EMAIL_WORKER_PASSWORD is not set`. */
  readonly missing: string
}
