import { countOf } from '../../diagnostics/text/count-of.ts'
import type { Graph, GraphNode } from '../../insight/graph/graph.ts'
import { ownersOf } from '../graph/node-words.ts'
import { loadLayout } from './graphviz.ts'
import { layOutGroup } from './lay-out-group.ts'
import { legendOf } from './legend.ts'
import { packBoxes } from './pack-boxes.ts'
import type { Picture } from './picture.ts'

/** Room around the picture, and above the legend. */
const BORDER = 20

/** Finds the place of everything in a graph: each group by itself, and the groups next to each other. */
export async function layOutGraph(graph: Graph): Promise<Picture> {
  const layOut = await loadLayout()
  const owners = ownersOf(graph)
  const colors = new Map(owners.length < 2 ? [] : owners.map((owner, index) => [owner, index]))
  const colorOf = ({ owner }: GraphNode) => (owner === undefined ? undefined : colors.get(owner))
  const packed = packBoxes(graph.groups.map((group) => layOutGroup(group, { graph, colorOf, layOut })))
  const groups = packed.boxes.map((group) => ({ ...group, x: group.x + BORDER, y: group.y + BORDER }))
  const legend = legendOf(groups, owners.length < 2 ? [] : owners, packed.width)
  return {
    width: Math.max(packed.width, legend.width) + 2 * BORDER,
    height: packed.height + legend.height + 3 * BORDER,
    title: 'Topology of RabbitMQ',
    description: descriptionOf(graph),
    groups,
    legend: { ...legend, x: BORDER, y: packed.height + 2 * BORDER },
  }
}

function descriptionOf({ groups }: Graph): string {
  const nodes = groups.flatMap((group) => group.nodes)
  const count = (kind: GraphNode['kind']) => nodes.filter((node) => node.kind === kind).length
  const words = [
    countOf(count('exchange'), 'exchange'),
    countOf(count('queue'), 'queue'),
    countOf(count('publication'), 'publication'),
    countOf(count('subscription'), 'subscription'),
  ]
  return `${words.join(', ')} in ${countOf(groups.length, 'group')}.`
}
