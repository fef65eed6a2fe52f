import type { Kind, Queue, Topology } from '../../model/topology.ts'
import type { MoveJournal } from '../records/move-journal.ts'
import type { OwnershipRecord } from '../records/ownership-record.ts'
import type { UnreadableParameter } from '../records/unreadable-parameter.ts'
import type { MemberCount } from './majority.ts'

/** The state of a broker, as a plan sees it. */
export interface Live {
  readonly broker: BrokerIdentity
  readonly login: Login
  /** The objects in the vhosts that were read, and the users, as far as the login may see them. */
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
  /** The vhosts that the login may not read, of those that were asked for; absent unless these were to be left out. */
  readonly unreadable?: readonly string[]
  /** The kinds that were read. Objects of other kinds are unknown. */
  readonly kindsRead: ReadonlySet<Kind>
  /** The records of projects on the broker; absent if the login may not read them, or they were not requested. */
  readonly records?: Records
}

/** A queue that warren never touches. */
export interface UntouchableQueue extends Queue {
  /** It belongs to one connection, to the program that the broker named it for, or to a plugin. */
  readonly reason: 'exclusive' | 'server-named' | 'internal'
}

/** The records of warren on the broker. */
export interface Records {
  readonly ownership: readonly OwnershipRecord[]
  /** Global parameters in the place of a record that this version cannot read. */
  readonly damaged: readonly UnreadableParameter[]
  /** The replacements that stopped runs have left. */
  readonly journals: readonly MoveJournal[]
  /** Global parameters in the place of a journal that this version cannot read. */
  readonly damagedJournals: readonly UnreadableParameter[]
}

export interface BrokerIdentity {
  /** Its cluster's name, or the node's. */
  readonly name: string
  readonly version: string
  /** Base URL of the management API, without login. */
  readonly url: string
  /** The exchange types that it offers. */
  readonly exchangeTypes: readonly string[]
  /** The type of queues in new vhosts that do not choose one; absent where it does not report it. */
  readonly defaultQueueType?: string
  /** Whether its configuration forbids changing operator policies (from 3.11.9). */
  readonly forbidsOperatorPolicies: boolean
  /** The deprecated features that it denies, by its configuration or by default. RabbitMQ 4.0 does not report them. */
  readonly deniedFeatures: readonly string[]
  /**
   * Whether it deletes the topic permissions on an exchange with the exchange, as with Khepri; absent if not requested.
   */
  readonly deletesTopicPermissions?: boolean
  /**
   * The plugins and other applications that its nodes run; absent if the login may not read them, or they were not
   * requested.
   */
  readonly plugins?: readonly string[]
  /** The plugins that were enabled by their names, without those that they need; absent where `plugins` is. */
  readonly enabledPlugins?: readonly string[]
}

/** The user that warren logged in with. */
export interface Login {
  readonly user: string
  readonly tags: readonly string[]
}
