import type { Topology } from '../../model/topology.ts'
import type { BrokerIdentity, Live, UntouchableQueue } from '../live/live.ts'
import type { Records } from '../live/live.ts'
import type { Unread } from './unknown.ts'

/** Everything that could be read of a broker, or of a definitions file, at one time. */
export interface Snapshot {
  readonly source: SnapshotSource
  /** The state as a plan sees it, of all vhosts in `vhosts`, with users and global parameters. */
  readonly live: Live
  /** The vhosts that were read, sorted by name. */
  readonly vhosts: readonly VhostSnapshot[]
  /** Who owns what, by address; absent where the records of ownership could not be read. */
  readonly owners?: ReadonlyMap<string, SnapshotOwner>
  /** The records that `owners` comes from. */
  readonly records?: Records
  /** Which statistics the broker keeps; absent for a definitions file. */
  readonly statistics?: StatisticsModes
  /** The kinds that could not be read. Their objects do not count as absent. */
  readonly unknown: readonly Unread[]
}

/** Where a snapshot comes from. */
export type SnapshotSource =
  | { readonly kind: 'broker'; readonly broker: BrokerIdentity; readonly user: string }
  | { readonly kind: 'definitions'; readonly path: string; readonly version: string; readonly cluster: string }

/** The project that owns an object. An entry that a run intended and never confirmed counts as adopted. */
export interface SnapshotOwner {
  readonly project: string
  readonly state: 'owned' | 'adopted'
}

/** One vhost of a snapshot. */
export interface VhostSnapshot {
  readonly name: string
  /** The vhost and its objects: without users and global parameters, which belong to the whole broker. */
  readonly topology: Topology
  /** Exclusive, server-named and internal queues, which are not in the topology. */
  readonly untouchable: readonly UntouchableQueue[]
  /** The messages of queues, by name, `untouchable` ones included; absent where they are unknown. A queue without an entry is unknown. */
  readonly contents?: ReadonlyMap<string, QueueContent>
  /** Who consumes now; absent where it is unknown. */
  readonly consumers?: readonly Consumer[]
  /** The statistics of queues, by name; absent where they are unknown or were not requested. */
  readonly usage?: ReadonlyMap<string, QueueUsage>
}

/** The messages in a queue. */
export interface QueueContent {
  /** Ready and unacknowledged. */
  readonly messages: number
  readonly ready: number
  readonly unacknowledged: number
}

/** Some seconds late. */
export interface QueueUsage {
  /** Since when it has been unused, as ISO 8601; absent while it is in use, and on types of queues that do not report it. */
  readonly idleSince?: string
  readonly bytes?: number
  /** Messages that arrived since the counter began; absent where the queue has not reported any. */
  readonly published?: number
  /** Messages that were delivered since the counter began, redelivered ones included. */
  readonly delivered?: number
}

/** A consumer of a queue. */
export interface Consumer {
  readonly queue: string
  readonly user?: string
  /** The client's own name, its property `connection_name`. */
  readonly name?: string
  /** Product and version of the client library, as the client says. */
  readonly product?: string
  /** Host and port of the client. */
  readonly address?: string
  /** The broker's name for its connection. */
  readonly connection?: string
}

/** Which statistics a broker keeps. */
export interface StatisticsModes {
  /** `none`, `basic` or `detailed`: only `detailed` says who publishes to which exchange. */
  readonly ratesMode?: string
  /** Whether statistics are collected at all. Without them there is nothing about consumers. */
  readonly collected: boolean
}
