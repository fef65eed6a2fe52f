import type { Publication, Subscription } from '../../model/routes.ts'
import type { Exchange } from '../../model/topology.ts'
import type { Graph, QueueNode } from '../graph/graph.ts'
import type { Reach } from '../routing/reach.ts'
import type { QueueTrace } from '../trace/trace.ts'
import type { UsersAllowed } from '../trace/users-allowed.ts'

/** The contents of a reference of a topology: its exchanges, queues and routes by owner. */
export interface TopologyDocs {
  readonly project: string
  /** Sorted by name. Each object and route has exactly one owner. */
  readonly owners: readonly DocumentedOwner[]
}

export interface DocumentedOwner {
  /** The label `owner`, or the project. */
  readonly name: string
  /** Its nodes, with links to its neighbors. */
  readonly graph: Graph
  readonly exchanges: readonly DocumentedExchange[]
  readonly queues: readonly DocumentedQueue[]
  readonly publications: readonly DocumentedPublication[]
  readonly subscriptions: readonly DocumentedSubscription[]
}

/** Something with an address and a description. */
export interface Documented {
  /** The id of its node. */
  readonly id: string
  readonly description?: string
}

export interface DocumentedExchange extends Documented {
  readonly exchange: Exchange
}

/** A queue. Queues that are described as a part of another queue have no entry. */
export interface DocumentedQueue extends Documented {
  readonly node: QueueNode
  readonly trace: QueueTrace
  readonly durable: boolean
  readonly autoDelete: boolean
  /** The names of the publications whose messages may reach it. */
  readonly publications: readonly string[]
}

export interface DocumentedPublication extends Documented {
  readonly publication: Publication
  /** Absent if the exchange does not exist in the files. */
  readonly exchange?: Pick<Exchange, 'type' | 'durable' | 'autoDelete'>
  /** The queues that it reaches, whatever the values of its parameters are. */
  readonly reach: Reach
  readonly mayPublish: UsersAllowed
}

export interface DocumentedSubscription extends Documented {
  readonly subscription: Subscription
}
