import type { Kind, Topology } from '../../model/topology.ts'
import type { MoveJournal } from '../records/move-journal.ts'
import type { OwnershipRecord } from '../records/ownership-record.ts'
import type { UnreadableParameter } from '../records/unreadable-parameter.ts'

/** What a plan knows of a broker. */
export interface Live {
  readonly broker: BrokerIdentity
  readonly login: Login
  /** What the broker holds in the vhosts that were read, and its users, as far as the login may see them. */
  readonly topology: Topology
  /** False when the login may not read users, permissions and topic permissions. */
  readonly usersReadable: boolean
  /** False when the login may not read parameters. */
  readonly parametersReadable: boolean
  /** Addresses of exclusive, server-named and plugin-internal queues: they belong to others and are never touched. */
  readonly untouchable: ReadonlySet<string>
  /** The kinds that were read: of others nothing is known. */
  readonly kindsRead: ReadonlySet<Kind>
  /** What projects keep on the broker about themselves; absent when the login may not read it, or nothing asked for it. */
  readonly records?: Records
}

/** What warren keeps on the broker. */
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
  /** Whether its configuration forbids changing operator policies (from 3.11.9). */
  readonly forbidsOperatorPolicies: boolean
  /** The deprecated features that it denies, by its configuration or by default; 4.0 does not tell. */
  readonly deniedFeatures: readonly string[]
  /** Whether it deletes the topic permissions on an exchange with the exchange, as with Khepri; absent when nothing asked. */
  readonly deletesTopicPermissions?: boolean
  /** The plugins and other applications that its nodes run; absent when the login may not read them, or nothing asked for it. */
  readonly plugins?: readonly string[]
}

/** The user that warren logged in with. */
export interface Login {
  readonly user: string
  readonly tags: readonly string[]
}
