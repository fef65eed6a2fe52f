import type { Kind, Topology } from '../model/topology.ts'
import type { Ownership } from '../broker/records/ownership.ts'
import type { UncountedFor } from './block.ts'
import type { DeclaredByRun, ProjectOfRun } from './declared-by-run.ts'
import type { PlannedBroker } from './plan.ts'
import type { Abilities } from './broker-support/abilities.ts'

/** The part of the live side that the planner needs. */
export interface PlannedTopology {
  readonly broker: PlannedBroker & Abilities
  readonly topology: Topology
  /** The user that warren logged in with; it is never changed. */
  readonly login: { readonly user: string }
  /** Addresses of queues that belong to connections or plugins. */
  readonly untouchable: ReadonlySet<string>
  /** Queues that have lost the majority of their members, by address; absent if this was not read. */
  readonly lostMajority?: ReadonlyMap<string, { readonly members: number; readonly online: number }>
  /** Why queues that a stopped run was declaring do not answer, by address; absent if there are none. */
  readonly halfDeclared?: ReadonlyMap<string, string>
  /** Message counts of the API by the address of the queue, some seconds old; absent if they were not requested. */
  readonly messages?: ReadonlyMap<string, number>
  /** The kinds that were read. Objects of other kinds are unknown. */
  readonly kindsRead: ReadonlySet<Kind>
  /** The owners; `unknown` if the login may not read them, absent if nothing is recorded. */
  readonly ownership?: Ownership | 'unknown'
  /**
   * Virtual hosts that a prune includes although no document names them: the project has records there, and `--allow
   * delete=` names them. They were read, and an apply holds its lock there. Absent if there are none.
   */
  readonly entered?: readonly string[]
  /** Virtual hosts in which runs of other projects are replacing objects, or stopped while doing so. */
  readonly foreignMoves?: readonly { readonly project: string; readonly vhost: string }[]
  /** The objects that other projects of the same run declare. Default: none. */
  readonly declaredByRun?: DeclaredByRun
  /** The other projects of the same run, which may hand objects over or take them over. Default: none. */
  readonly otherProjects?: readonly ProjectOfRun[]
  /** Options whose address matches in another run of the command. Default: none. */
  readonly matchedElsewhere?: ReadonlySet<string>
  /** The locks of projects in a hand-over; absent in a plan that is not applied, or without a hand-over. */
  readonly handOverLocks?: HandOverLocks
  /** The counts of queues that a step would delete, by address. */
  readonly counts?: ReadonlyMap<string, QueueCount>
  /** The size of the messages in queues to be moved in bytes, some seconds old, by address. */
  readonly bytes?: ReadonlyMap<string, number>
  /** The nodes of the broker, if messages are to be moved; absent if they were not read. */
  readonly nodes?: readonly NodeState[]
  /** Whether messages are to be moved, and the login may not read the nodes. */
  readonly nodesRefused?: true
  /** Why a queue among them could not be counted, by its address. */
  readonly uncountedQueues?: ReadonlyMap<string, string>
  /** Why nothing could be counted. */
  readonly uncounted?: string
  /** The missing resource. Default: AMQP. */
  readonly uncountedFor?: UncountedFor
  /** The old addresses of queues that stopped runs are moving, by their new addresses. */
  readonly moves?: ReadonlyMap<string, string>
  /** Addresses of exchanges that stopped runs were recreating. */
  readonly replaced?: ReadonlySet<string>
}

/** The capacity of a node, some seconds old. */
export interface NodeState {
  readonly name: string
  readonly runs: boolean
  /** Whether it has lost other nodes through a network partition. */
  readonly lost: boolean
  readonly alarms: readonly ('memory' | 'disk')[]
  /** The free space on its disk above the limit of its alarm, in bytes; absent if the broker does not report it. */
  readonly room?: number
}

export interface QueueCount {
  /** Ready, unacknowledged, and held by dead-lettering. */
  readonly messages: number
  readonly consumers: number
}

/** The projects whose records a run may write. */
export interface HandOverLocks {
  /** The projects whose locks are held in all virtual hosts where they have records, including this project. */
  readonly projects: ReadonlySet<string>
  /** Why the locks of other projects are not held. */
  readonly problems: ReadonlyMap<string, string>
}
