import type { Arguments } from '../../model/arguments.ts'
import type { QueueSettings } from '../routing/queue-settings.ts'

/** A topology as a picture: groups of nodes that each fit on a screen. */
export interface Graph {
  readonly groupedBy: GroupBy
  /** Sorted by vhost and name, the group without a name last. */
  readonly groups: readonly GraphGroup[]
  /** The plan whose changes are marked; absent without one. */
  readonly plan?: GraphPlan
}

/** A plan whose changes are marked in a graph. */
export interface GraphPlan {
  readonly project: string
  /** How many changes of the plan have each mark, whether or not they are drawn. */
  readonly counts: Readonly<Record<GraphMark, number>>
  /** Changes of objects that no graph shows, such as policies and users. */
  readonly notDrawn: readonly { readonly mark: GraphMark; readonly address: string }[]
}

/** The effect of a plan on an object: it creates it, changes it in place, deletes and recreates it, or deletes it. */
export type GraphMark = 'create' | 'update' | 'replace' | 'delete'

/** The effect of a plan on a node. */
export interface NodeChange {
  readonly mark: GraphMark
  /** The properties that differ; values are absent if they are secret or if there was none. */
  readonly differences: readonly { readonly property: string; readonly before?: unknown; readonly after?: unknown }[]
  /** The former name of an object that is renamed. */
  readonly renamedFrom?: string
  /** Whether it is a queue that is recreated with its messages, by a migration. */
  readonly keepsMessages?: true
  /** Changes of objects that are folded into the node, by name. */
  readonly folded: readonly { readonly mark: GraphMark; readonly name: string }[]
}

/** How nodes are grouped: by the beginning of their names, by owner, or only by virtual host. */
export type GroupBy = 'prefix' | 'owner' | 'vhost'

/** Nodes that are drawn together, with links to the other groups. */
export interface GraphGroup {
  readonly vhost: string
  /** Empty for the nodes without a group. */
  readonly name: string
  readonly nodes: readonly GraphNode[]
  /** The ends are ids of nodes and links of this group. */
  readonly edges: readonly GraphEdge[]
  readonly links: readonly GraphLink[]
}

export type GraphNode = ExchangeNode | QueueNode | PublicationNode | SubscriptionNode

export type NodeKind = GraphNode['kind']

/** The properties of every node. */
export interface NodeOfGraph {
  /** The address of an exchange or queue, and `publication:vhost/name` or `subscription:vhost/name` for a route. */
  readonly id: string
  readonly vhost: string
  readonly name: string
  /** Absent if none is known. */
  readonly owner?: string
  /** The effect of the plan on it; absent without a plan, and if the plan does not change it. */
  readonly change?: NodeChange
}

export interface ExchangeNode extends NodeOfGraph {
  readonly kind: 'exchange'
  /** Absent if the exchange does not exist, because its type is then unknown. */
  readonly type?: string
  /** Whether it does not exist, although something refers to it. */
  readonly missing: boolean
  /** The number of partitions of a super stream. They are not separate nodes. */
  readonly partitions?: number
}

export interface QueueNode extends NodeOfGraph {
  readonly kind: 'queue'
  /** Absent if the default of the virtual host applies. */
  readonly type?: string
  /** Whether it does not exist, although something refers to it. */
  readonly missing: boolean
  /** Several if it is unknown which policy applies. */
  readonly settings: readonly QueueSettings[]
  /** The retries and the dead-letter queue that only this queue uses. They are drawn as a part of it. */
  readonly failure?: FoldedFailure
  /** Absent if no live broker was read. */
  readonly figures?: QueueFigures
}

/** The failure path of a queue. Its exchange and queues are not separate nodes. */
export interface FoldedFailure {
  /** The delays of a retry ladder in milliseconds, ascending. Empty without retries. */
  readonly delays: readonly number[]
  /** Retries by the broker itself. */
  readonly native?: { readonly min: number; readonly max: number; readonly attempts: number }
  /** The name of the dead-letter queue; absent if it is a separate node, or if there is none. */
  readonly deadLetterQueue?: string
  /** The names of all exchanges and queues that are folded, sorted. */
  readonly folded: { readonly exchanges: readonly string[]; readonly queues: readonly string[] }
}

/** Numbers that a live broker reports about a queue. An absent number is unknown. */
export interface QueueFigures {
  readonly messages?: number
  readonly consumers?: number
  /** Messages that wait for a retry. */
  readonly waiting?: number
  /** Messages in the folded dead-letter queue. */
  readonly dead?: number
}

export interface PublicationNode extends NodeOfGraph {
  readonly kind: 'publication'
  readonly users: readonly string[]
}

export interface SubscriptionNode extends NodeOfGraph {
  readonly kind: 'subscription'
  readonly users: readonly string[]
}

/** An arrow. Bindings between the same two nodes share one. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly kind: 'publish' | 'binding' | 'dead-letter' | 'alternate' | 'consume'
  /** The keys of a publication, of bindings or of dead letters; empty if keys do not matter. */
  readonly keys: readonly EdgeKey[]
  /** The effect of the plan on it: `update` if the plan changes only some of several bindings. */
  readonly mark?: GraphMark
}

export interface EdgeKey {
  readonly routingKey: string
  /** Those of a binding to a headers exchange. */
  readonly arguments: Arguments
  /** The effect of the plan on the binding. */
  readonly mark?: GraphMark
}

/** Stands for nodes at the other end of edges, which are in another group or which a filter leaves out. */
export interface GraphLink {
  readonly id: string
  /** `out`: edges lead from this group to the named group or node. `in`: they come from the named node. */
  readonly direction: 'out' | 'in'
  readonly name: string
  /** The node, if it stands for only one. */
  readonly node?: string
  /** How many nodes it stands for. */
  readonly count: number
}

/** The part of a topology that is drawn. An empty list draws everything. */
export interface GraphFilter {
  /** Only these virtual hosts. */
  readonly vhosts?: readonly string[]
  /** Only nodes of these owners; their neighbors appear as links. */
  readonly owners?: readonly string[]
  /**
   * Only exchanges and queues whose names begin with one of these, and their routes; their neighbors appear as links.
   */
  readonly prefixes?: readonly string[]
  /** Only nodes of these kinds. */
  readonly kinds?: readonly NodeKind[]
}
