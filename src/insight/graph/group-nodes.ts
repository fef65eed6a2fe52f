import { groupByPrefix } from '../groups/group-by-prefix.ts'
import type { GraphNode, GroupBy } from './graph.ts'
import type { VhostGraph } from './vhost-graph.ts'

/** The name of the group of each node, by its id; empty for a node without a group. */
export type Groups = ReadonlyMap<string, string>

/**
 * Groups the nodes of a virtual host. By prefix, a queue belongs to the group of its name. An exchange belongs to the
 * group that its name begins with, or to the only group that it is connected with. A route belongs to the group of its
 * exchange or queue.
 */
export function groupNodes(graph: VhostGraph, by: GroupBy): Groups {
  switch (by) {
    case 'vhost':
      return new Map()
    case 'owner':
      return new Map(graph.nodes.map((node) => [node.id, node.owner ?? '']))
    case 'prefix':
      return groupByNames(graph)
  }
}

function groupByNames({ nodes, edges }: VhostGraph): Groups {
  const queues = nodes.filter(({ kind }) => kind === 'queue')
  const found = groupByPrefix(queues.map(({ name }) => name)).groups
  const ofQueue = new Map(found.flatMap(({ name, queues: own }) => own.map((queue) => [queue, name] as const)))
  const names = found.map(({ name }) => name)
  const groups = new Map<string, string>(queues.map(({ id, name }) => [id, ofQueue.get(name) ?? '']))
  const neighbors = neighborsOf(edges)
  const exchanges = nodes.filter(({ kind }) => kind === 'exchange')
  for (const { id, name } of exchanges) {
    const own = names.find((group) => isBelow(name, group))
    if (own !== undefined) groups.set(id, own)
  }
  for (const { id } of exchanges) if (!groups.has(id)) groups.set(id, onlyGroup(neighbors.get(id) ?? [], groups))
  for (const { id, kind } of nodes) {
    if (kind === 'publication' || kind === 'subscription') groups.set(id, onlyGroup(neighbors.get(id) ?? [], groups))
  }
  return groups
}

/** Whether a name begins with the whole prefix. */
function isBelow(name: string, prefix: string): boolean {
  return name === prefix || (name.startsWith(prefix) && /^[.:/_-]/.test(name.slice(prefix.length)))
}

/** The common group of these nodes, ignoring those without one; empty if there are several groups or none. */
function onlyGroup(ids: readonly string[], groups: Groups): string {
  const own = new Set(ids.flatMap((id) => groups.get(id) ?? []))
  const [only] = own
  return own.size === 1 && only !== undefined ? only : ''
}

function neighborsOf(edges: VhostGraph['edges']): ReadonlyMap<string, readonly string[]> {
  const neighbors = new Map<string, string[]>()
  const add = (from: string, to: string) => {
    const own = neighbors.get(from)
    if (own) own.push(to)
    else neighbors.set(from, [to])
  }
  for (const { from, to } of edges) {
    add(from, to)
    add(to, from)
  }
  return neighbors
}

/** The maximum number of nodes in one readable picture of a virtual host. */
const MOST_TOGETHER = 40

/** The default grouping: by prefix if a virtual host has too many nodes for one picture. */
export function usualGrouping(graphs: readonly { readonly nodes: readonly GraphNode[] }[]): GroupBy {
  return graphs.some(({ nodes }) => nodes.length > MOST_TOGETHER) ? 'prefix' : 'vhost'
}
