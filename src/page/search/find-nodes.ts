import type { GraphNode } from '../../insight/graph/graph.ts'
import type { PageModel } from '../page-model.ts'

/** A node that a search found. */
export interface FoundNode {
  readonly node: GraphNode
  /** The text that matches, unless it is the name: `key order.paid`. */
  readonly by?: string
}

/** How many nodes a search lists. */
const MOST_FOUND = 50

/**
 * Finds nodes by parts of their names, keys, owners and users, regardless of case: first those whose names begin with the
 * text, then other names, then the rest.
 */
export function findNodes(
  text: string,
  model: PageModel,
): { readonly found: readonly FoundNode[]; readonly all: number } {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return { found: [], all: 0 }
  const ranked: (readonly [rank: number, found: FoundNode])[] = []
  for (const { node } of model.nodes.values()) {
    const name = node.name.toLowerCase()
    if (name.startsWith(wanted)) ranked.push([name === wanted ? 0 : 1, { node }])
    else if (name.includes(wanted)) ranked.push([2, { node }])
    else {
      const by = otherTexts(node, model).find(([, other]) => other.toLowerCase().includes(wanted))
      if (by !== undefined) ranked.push([3, { node, by: by.join(' ') }])
    }
  }
  const found = ranked.toSorted(([one], [other]) => one - other).map(([, each]) => each)
  return { found: found.slice(0, MOST_FOUND), all: found.length }
}

/** The texts, in addition to the name, by which a node is found. */
function otherTexts(node: GraphNode, { from, to }: PageModel): (readonly [what: string, text: string])[] {
  const users = node.kind === 'publication' || node.kind === 'subscription' ? node.users : []
  const folded = node.kind === 'queue' ? (node.failure?.folded.queues ?? []) : []
  const edges = [...(from.get(node.id) ?? []), ...(to.get(node.id) ?? [])]
  return [
    ...folded.map((queue) => ['with', queue] as const),
    ...edges.flatMap(({ keys }) => keys.map(({ routingKey }) => ['key', routingKey] as const)),
    ...users.map((user) => ['user', user] as const),
    ...(node.owner === undefined ? [] : [['owner', node.owner] as const]),
  ]
}
