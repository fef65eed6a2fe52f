import type { GraphEdge, GraphGroup, GraphNode } from '../insight/graph/graph.ts'
import type { PageFinding, TopologyPage } from '../insight/page/topology-page.ts'
import { type RoutedVhost, routedVhosts } from '../insight/routing/routed-vhost.ts'
import { groupByKey } from '../model/values/group-by-key.ts'

/** The data of a page, with indexes for lookups. */
export interface PageModel {
  readonly page: TopologyPage
  readonly vhosts: ReadonlyMap<string, RoutedVhost>
  readonly nodes: ReadonlyMap<string, NodeInGroup>
  readonly findings: ReadonlyMap<string | undefined, readonly PageFinding[]>
  /** The edges from each node, to nodes of any group. */
  readonly from: ReadonlyMap<string, readonly GraphEdge[]>
  /** The edges to each node. */
  readonly to: ReadonlyMap<string, readonly GraphEdge[]>
}

export interface NodeInGroup {
  readonly node: GraphNode
  /** The index of its group. */
  readonly group: number
}

/** Prepares the data of a page. */
export function pageModel(page: TopologyPage): PageModel {
  const { topology, routes, version, usersKnown } = page.routed
  const { groups } = page.graph
  const nodes = new Map(
    groups.flatMap((group, index) => group.nodes.map((node) => [node.id, { node, group: index }] as const)),
  )
  const edges = groups.flatMap((group) => wholeEdges(group))
  return {
    page,
    vhosts: new Map(routedVhosts(topology, routes, { version, usersKnown }).map((vhost) => [vhost.name, vhost])),
    nodes,
    findings: groupByKey(page.findings, ({ node }) => node),
    from: groupByKey(edges, ({ from }) => from),
    to: groupByKey(edges, ({ to }) => to),
  }
}

/** The edges of a group whose ends are nodes. An edge to another group ends there too, where its stub stands for one node. */
function wholeEdges({ edges, links }: GraphGroup): GraphEdge[] {
  const stubs = new Map(links.map((link) => [link.id, link.node]))
  return edges.flatMap((edge): GraphEdge[] => {
    const from = stubs.has(edge.from) ? stubs.get(edge.from) : edge.from
    const to = stubs.has(edge.to) ? stubs.get(edge.to) : edge.to
    return from === undefined || to === undefined ? [] : [{ ...edge, from, to }]
  })
}

/** The virtual host of a node. */
export function vhostOf({ vhosts }: PageModel, node: GraphNode): RoutedVhost | undefined {
  return vhosts.get(node.vhost)
}
