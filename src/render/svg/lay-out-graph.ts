import { countOf } from '../../diagnostics/text/count-of.ts'
import type { Graph, GraphNode } from '../../insight/graph/graph.ts'
import { planTitle } from '../graph/change-words.ts'
import { ownerColors } from '../graph/owner-colors.ts'
import { loadLayout } from './graphviz.ts'
import { fitted, FONT } from './node-box.ts'
import { layOutGroup } from './lay-out-group.ts'
import { legendOf } from './legend.ts'
import { overviewOf } from './overview/lay-out-overview.ts'
import { packBoxes } from './pack-boxes.ts'
import type { Picture } from './picture.ts'

/** Room around the picture, and above the legend. */
const BORDER = 20

/** Room for the heading of a plan. */
const HEADING_HEIGHT = 28

/** Computes the layout of a graph: of each group by itself, and of the groups next to each other. */
export async function layOutGraph(graph: Graph): Promise<Picture> {
  const layOut = await loadLayout()
  const owners = [...ownerColors(graph).keys()]
  const colors = new Map(owners.map((owner, index) => [owner, index]))
  const colorOf = ({ owner }: GraphNode) => (owner === undefined ? undefined : colors.get(owner))
  const packed = packBoxes(graph.groups.map((group) => layOutGroup(group, { graph, colorOf, layOut })))
  const heading = graph.plan && fitted(planTitle(graph.plan), FONT.title, Math.max(packed.width, 300))
  const overview = overviewOf(graph, layOut)
  const overviewTop = heading === undefined ? BORDER : BORDER + HEADING_HEIGHT
  const top = overview === undefined ? overviewTop : overviewTop + overview.height + BORDER
  const groups = packed.boxes.map((group) => ({ ...group, x: group.x + BORDER, y: group.y + top }))
  const legend = legendOf(groups, { owners, plan: graph.plan, widest: packed.width })
  const title = graph.plan === undefined ? 'Topology of RabbitMQ' : planTitle(graph.plan)
  return {
    width: Math.max(packed.width, legend.width, heading?.width ?? 0, overview?.width ?? 0) + 2 * BORDER,
    height: top + packed.height + legend.height + 2 * BORDER,
    title,
    description: descriptionOf(graph),
    ...(heading && { heading: { ...heading, x: BORDER, y: BORDER + FONT.title } }),
    ...(overview && { overview: { ...overview, x: BORDER, y: overviewTop } }),
    groups,
    legend: { ...legend, x: BORDER, y: top + packed.height + BORDER },
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
