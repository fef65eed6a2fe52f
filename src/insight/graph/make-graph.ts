import type { RoutedVhost } from '../routing/routed-vhost.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import { type Groups, groupNodes, usualGrouping } from './group-nodes.ts'
import type {
  EdgeKey,
  Graph,
  GraphEdge,
  GraphFilter,
  GraphGroup,
  GraphLink,
  GraphNode,
  GroupBy,
  NodeKind,
} from './graph.ts'
import { type GraphFacts, type VhostGraph, vhostGraph } from './vhost-graph.ts'

/** The part of a graph to show, and how to group it. */
export interface GraphView {
  /** Default: everything. */
  readonly filter?: GraphFilter
  /** Default: `vhost`, or `prefix` if a virtual host has more than 40 nodes. */
  readonly groupBy?: GroupBy
}

/** The input of a graph in addition to the virtual hosts. */
export interface GraphInput extends GraphFacts, GraphView {}

/** Turns the objects and routes of virtual hosts into a graph. */
export function makeGraph(vhosts: readonly RoutedVhost[], { filter, groupBy, ...facts }: GraphInput): Graph {
  const chosen = filter?.vhosts ?? []
  const shown = vhosts.filter(({ name }) => chosen.length === 0 || chosen.includes(name))
  const graph = graphOf(
    shown.map((vhost) => vhostGraph(vhost, facts)),
    { ...(filter && { filter }), ...(groupBy && { groupBy }) },
  )
  return facts.planned === undefined ? graph : { ...graph, plan: facts.planned.summary }
}

/** Groups nodes and edges that were computed before, so that several pictures cost little more than one. */
export function graphOf(drawn: readonly VhostGraph[], { filter = {}, groupBy }: GraphView): Graph {
  const graphs = drawn.map((each) => ofKinds(each, filter.kinds ?? []))
  const groupedBy = groupBy ?? usualGrouping(graphs)
  return { groupedBy, groups: graphs.flatMap((graph) => groupsOf(graph, groupNodes(graph, groupedBy), filter)) }
}

function ofKinds(graph: VhostGraph, kinds: readonly NodeKind[]): VhostGraph {
  if (kinds.length === 0) return graph
  const nodes = graph.nodes.filter(({ kind }) => kinds.includes(kind))
  const ids = new Set(nodes.map(({ id }) => id))
  return { ...graph, nodes, edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) }
}

function groupsOf(graph: VhostGraph, groups: Groups, filter: GraphFilter): GraphGroup[] {
  const shown = shownNodes(graph, filter)
  const byGroup = groupByKey(
    graph.nodes.filter(({ id }) => shown.has(id)),
    ({ id }) => groups.get(id) ?? '',
  )
  const names = [...byGroup.keys()].toSorted(
    (one, other) => Number(one === '') - Number(other === '') || compare(one, other),
  )
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const edges = edgesByGroup(graph, groups)
  return names.map((name) => {
    const nodes = byGroup.get(name) ?? []
    return groupOf(graph.vhost, { name, nodes, edges: edges.get(name) ?? [], byId, groups, shown })
  })
}

/** The edges from or to a node of each group. */
function edgesByGroup({ edges }: VhostGraph, groups: Groups): ReadonlyMap<string, readonly GraphEdge[]> {
  const ends = edges.flatMap((edge) =>
    Array.from(new Set([groups.get(edge.from) ?? '', groups.get(edge.to) ?? '']), (group) => ({ group, edge })),
  )
  const byGroup = groupByKey(ends, ({ group }) => group)
  return new Map(Array.from(byGroup, ([group, own]) => [group, own.map(({ edge }) => edge)]))
}

/**
 * The ids of the nodes that the owners and prefixes select: for a route, its own owner and the name of its exchange or
 * queue.
 */
function shownNodes({ nodes, edges }: VhostGraph, { owners = [], prefixes = [] }: GraphFilter): ReadonlySet<string> {
  const hasPrefix = ({ name }: GraphNode) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix))
  const objects = new Set(nodes.filter((node) => !isRoute(node) && hasPrefix(node)).map(({ id }) => id))
  const routes = new Set(
    edges.flatMap(({ kind, from, to }) =>
      (kind === 'publish' && objects.has(to)) || (kind === 'consume' && objects.has(from)) ? [from, to] : [],
    ),
  )
  return new Set(
    nodes
      .filter((node) => (isRoute(node) ? prefixes.length === 0 || routes.has(node.id) : objects.has(node.id)))
      .filter(({ owner }) => owners.length === 0 || (owner !== undefined && owners.includes(owner)))
      .map(({ id }) => id),
  )
}

function isRoute({ kind }: GraphNode): boolean {
  return kind === 'publication' || kind === 'subscription'
}

interface GroupInput {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  /** The edges from or to a node of the group, even if the other node is not shown. */
  readonly edges: readonly GraphEdge[]
  /** All nodes of the virtual host. */
  readonly byId: ReadonlyMap<string, GraphNode>
  readonly groups: Groups
  /** All nodes that are in some group. */
  readonly shown: ReadonlySet<string>
}

function groupOf(vhost: string, { name, nodes, edges: touching, byId, groups, shown }: GroupInput): GraphGroup {
  const ids = new Set(nodes.map(({ id }) => id))
  const links = new Map<string, { readonly link: Omit<GraphLink, 'count'>; readonly nodes: Set<string> }>()
  const linkTo = (direction: GraphLink['direction'], id: string): string => {
    const group = groups.get(id) ?? ''
    // Many bindings of one exchange lead to another group, and few exchanges lead here.
    const isGroup = direction === 'out' && shown.has(id) && group !== '' && group !== name
    const key = `${direction}:${isGroup ? `group:${group}` : id}`
    const found = links.get(key) ?? {
      link: { id: key, direction, name: isGroup ? group : (byId.get(id)?.name ?? ''), ...(!isGroup && { node: id }) },
      nodes: new Set<string>(),
    }
    links.set(key, found)
    found.nodes.add(id)
    return key
  }
  const edges = new Map<string, GraphEdge & { readonly keys: EdgeKey[] }>()
  for (const edge of touching) {
    const [hasFrom, hasTo] = [ids.has(edge.from), ids.has(edge.to)]
    if (!hasFrom && !hasTo) continue
    const from = hasFrom ? edge.from : linkTo('in', edge.from)
    const to = hasTo ? edge.to : linkTo('out', edge.to)
    const key = JSON.stringify([edge.kind, from, to])
    const known = edges.get(key)
    const mark = known !== undefined && known.mark !== edge.mark ? 'update' : edge.mark
    // All bindings of an exchange to another group share one edge, so their keys are collected without a copy for each.
    const keys = known?.keys ?? []
    for (const each of edge.keys) keys.push(each)
    edges.set(key, { ...edge, from, to, keys, ...(mark && { mark }) })
  }
  return {
    vhost,
    name,
    nodes: nodes.toSorted((one, other) => rank(one) - rank(other) || compare(one.name, other.name)),
    edges: [...edges.values()].toSorted(
      (one, other) => compare(one.from, other.from) || compare(one.to, other.to) || compare(one.kind, other.kind),
    ),
    links: Array.from(links.values(), ({ link, nodes: own }) => ({ ...link, count: own.size })).toSorted((one, other) =>
      compare(one.id, other.id),
    ),
  }
}

/** Nodes are listed in the order in which a message passes them. */
const ORDER: readonly NodeKind[] = ['publication', 'exchange', 'queue', 'subscription']

function rank({ kind }: GraphNode): number {
  return ORDER.indexOf(kind)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
