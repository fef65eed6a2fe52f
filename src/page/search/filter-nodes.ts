import type { GraphEdge, GraphNode, NodeKind } from '../../insight/graph/graph.ts'

/** The filters in the bar above the picture. An empty text or list leaves nothing out. */
export interface NodeFilter {
  readonly owner: string
  readonly vhost: string
  readonly prefix: string
  readonly kinds: readonly NodeKind[]
  /** Whether to keep only nodes with findings, or with changes. */
  readonly only: '' | 'findings' | 'changes'
}

/** The facts that a filter needs in addition to the node. */
export interface FilterFacts {
  readonly from: ReadonlyMap<string, readonly GraphEdge[]>
  readonly to: ReadonlyMap<string, readonly GraphEdge[]>
  readonly nameOf: (id: string) => string | undefined
  readonly hasFindings: (id: string) => boolean
}

/** Whether a filter keeps a node. As in `warren graph`, a route is judged by the name of its exchange or queue. */
export function leavesNode(node: GraphNode, filter: NodeFilter, facts: FilterFacts): boolean {
  return (
    (filter.owner === '' || node.owner === filter.owner) &&
    (filter.vhost === '' || node.vhost === filter.vhost) &&
    (filter.kinds.length === 0 || filter.kinds.includes(node.kind)) &&
    (filter.prefix === '' || namesOf(node, facts).some((name) => name.startsWith(filter.prefix))) &&
    (filter.only !== 'findings' || facts.hasFindings(node.id)) &&
    (filter.only !== 'changes' || node.change !== undefined)
  )
}

function namesOf(node: GraphNode, { from, to, nameOf }: FilterFacts): string[] {
  switch (node.kind) {
    case 'exchange':
    case 'queue':
      return [node.name]
    case 'publication':
      return (from.get(node.id) ?? []).flatMap((edge) => nameOf(edge.to) ?? [])
    case 'subscription':
      return (to.get(node.id) ?? []).flatMap((edge) => nameOf(edge.from) ?? [])
  }
}

/** Whether a filter keeps everything. */
export function isEmptyFilter({ owner, vhost, prefix, kinds, only }: NodeFilter): boolean {
  return owner === '' && vhost === '' && prefix === '' && kinds.length === 0 && only === ''
}
