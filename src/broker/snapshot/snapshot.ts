import type { Topology } from '../../model/topology.ts'
import type { BrokerIdentity, Live, UntouchableQueue } from '../live/live.ts'
import type { Records } from '../live/live.ts'
import type { Unread } from './unknown.ts'

/** Everything that could be read from a broker, or from a definitions file, at one time. */
export interface Snapshot {
  readonly source: SnapshotSource
  /** The state from the point of view of a plan, for all vhosts in `vhosts`, with users and global parameters. */
  readonly live: Live
  /** The vhosts that were read, sorted by name. */
  readonly vhosts: readonly VhostSnapshot[]
  /** The owners by address; absent if the records of ownership could not be read. */
  readonly owners?: ReadonlyMap<string, SnapshotOwner>
  /** The records that `owners` comes from. */
  readonly records?: Records
  /** The modes of the broker's statistics; absent for a definitions file. */
  readonly statistics?: StatisticsModes
  /** The kinds that could not be read. Their objects do not count as absent. */
  readonly unknown: readonly Unread[]
}

/** The source of a snapshot. */
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
  /**
   * The messages of queues by name, including `untouchable` ones; absent if they are unknown. A queue without an
   * entry is unknown.
   */
  readonly contents?: ReadonlyMap<string, QueueContent>
  /** The current consumers; absent if they are unknown. */
  readonly consumers?: readonly Consumer[]
  /** The statistics of queues by name; absent if they are unknown or were not requested. */
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
  /**
   * Since when it has been idle, as ISO 8601; absent while it is in use, and for types of queues that do not report
   * it.
   */
  readonly idleSince?: string
  readonly bytes?: number
  /** Messages that arrived since the counter began; absent if the queue has not reported any. */
  readonly published?: number
  /** Messages that were delivered since the counter began, including redelivered ones. */
  readonly delivered?: number
}

/** A consumer of a queue. */
export interface Consumer {
  readonly queue: string
  readonly user?: string
  /** The client's own name, its property `connection_name`. */
  readonly name?: string
  /** Product and version of the client library, as reported by the client. */
  readonly product?: string
  /** Host and port of the client. */
  readonly address?: string
  /** The broker's name for its connection. */
  readonly connection?: string
}

/** The modes of a broker's statistics. */
export interface StatisticsModes {
  /** `none`, `basic` or `detailed`: only `detailed` contains who publishes to which exchange. */
  readonly ratesMode?: string
  /** Whether statistics are collected at all. Without them, nothing is known about consumers. */
  readonly collected: boolean
}
