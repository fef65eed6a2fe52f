import type { Kind, Queue, Topology } from '../../model/topology.ts'
import type { MoveJournal } from '../records/move-journal.ts'
import type { OwnershipRecord } from '../records/ownership-record.ts'
import type { UnreadableParameter } from '../records/unreadable-parameter.ts'
import type { MemberCount } from './majority.ts'

/** The state of a broker from the point of view of a plan. */
export interface Live {
  readonly broker: BrokerIdentity
  readonly login: Login
  /** The objects in the vhosts that were read, and the users, as far as the login may read them. */
  readonly topology: Topology
  /** False when the login may not read users, permissions and topic permissions. */
  readonly usersReadable: boolean
  /** False when the login may not read parameters. */
  readonly parametersReadable: boolean
  /** Addresses of exclusive, server-named and plugin-internal queues, which warren never touches. */
  readonly untouchable: ReadonlySet<string>
  /** These queues with their properties; absent unless a broker was read. */
  readonly untouchableQueues?: readonly UntouchableQueue[]
  /** Queues that have lost the majority of their members, by address; absent unless a broker was read. */
  readonly lostMajority?: ReadonlyMap<string, MemberCount>
  /** The requested vhosts that the login may not read; absent unless these are to be left out. */
  readonly unreadable?: readonly string[]
  /** The kinds that were read. Objects of other kinds are unknown. */
  readonly kindsRead: ReadonlySet<Kind>
  /** The records of projects on the broker; absent if the login may not read them, or they were not requested. */
  readonly records?: Records
}

/** A queue that warren never touches. */
export interface UntouchableQueue extends Queue {
  /** It belongs to a connection, to the program for which the broker named it, or to a plugin. */
  readonly reason: 'exclusive' | 'server-named' | 'internal'
}

/** The records of warren on the broker. */
export interface Records {
  readonly ownership: readonly OwnershipRecord[]
  /** Global parameters in the place of a record that this version cannot read. */
  readonly damaged: readonly UnreadableParameter[]
  /** Replacements that stopped runs have not finished. */
  readonly journals: readonly MoveJournal[]
  /** Global parameters in the place of a journal that this version cannot read. */
  readonly damagedJournals: readonly UnreadableParameter[]
}

export interface BrokerIdentity {
  /** The name of its cluster, or of its node. */
  readonly name: string
  readonly version: string
  /** Base URL of the management API, without login. */
  readonly url: string
  /** The exchange types that it supports. */
  readonly exchangeTypes: readonly string[]
  /** The type of queues in new vhosts without a declared one; absent if it does not report it. */
  readonly defaultQueueType?: string
  /** Whether its configuration prevents changes of operator policies (from 3.11.9 on). */
  readonly forbidsOperatorPolicies: boolean
  /** The deprecated features that it denies, by its configuration or by default. RabbitMQ 4.0 does not report them. */
  readonly deniedFeatures: readonly string[]
  /**
   * Whether it deletes the topic permissions on an exchange together with the exchange, as with Khepri; absent if not
   * requested.
   */
  readonly deletesTopicPermissions?: boolean
  /**
   * The plugins and other applications that its nodes run; absent if the login may not read them, or they were not
   * requested.
   */
  readonly plugins?: readonly string[]
  /** The explicitly enabled plugins, without those that they require; absent if `plugins` is. */
  readonly enabledPlugins?: readonly string[]
}

/** The user that warren logged in with. */
export interface Login {
  readonly user: string
  readonly tags: readonly string[]
}
