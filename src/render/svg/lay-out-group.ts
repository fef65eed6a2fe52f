import type { Graph, GraphGroup, GraphNode } from '../../insight/graph/graph.ts'
import { groupTitle } from '../graph/node-words.ts'
import { edgePath } from './edge-path.ts'
import type { Layout, LayoutEdge, Size } from './graphviz.ts'
import { boxesOf, edgeLabel, fitted, FONT, LINE_HEIGHT } from './node-box.ts'
import type { PictureGroup } from './picture.ts'

/** Room around the nodes of a group. */
export const MARGIN = 16
/** Room for the title of a group. */
export const TITLE_HEIGHT = 30

export interface GroupContext {
  readonly graph: Graph
  readonly colorOf: (node: GraphNode) => number | undefined
  readonly layOut: (nodes: readonly Size[], edges: readonly LayoutEdge[]) => Layout
}

/** Lays out the nodes and edges of a group. The group itself has no place yet. */
export function layOutGroup(group: GraphGroup, { graph, colorOf, layOut }: GroupContext): PictureGroup {
  const boxes = boxesOf(group, colorOf)
  const indexes = new Map(boxes.map(({ id }, index) => [id, index]))
  const edges = group.edges.map((edge) => ({ edge, label: edgeLabel(edge) }))
  const layout = layOut(
    boxes,
    edges.map(({ edge: { from, to }, label }) => ({
      from: indexes.get(from) ?? 0,
      to: indexes.get(to) ?? 0,
      ...(label && { label: { width: label.width + 8, height: LINE_HEIGHT } }),
    })),
  )
  const at = ({ x, y }: { readonly x: number; readonly y: number }) => ({
    x: rounded(x + MARGIN),
    y: rounded(y + TITLE_HEIGHT),
  })
  const nodes = boxes.map((box, index) => {
    const { x, y } = at(layout.nodes[index] ?? { x: 0, y: 0 })
    return { ...box, x: rounded(x - box.width / 2), y: rounded(y - box.height / 2) }
  })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const title = fitted(groupTitle(group, graph), FONT.title, 400)
  return {
    x: 0,
    y: 0,
    width: Math.ceil(Math.max(layout.width, title.width) + 2 * MARGIN),
    height: Math.ceil(layout.height + TITLE_HEIGHT + MARGIN),
    vhost: group.vhost,
    name: group.name,
    title,
    nodes,
    edges: edges.map(({ edge: { from, to, kind, mark }, label }, index) => {
      const laidOut = layout.edges[index]
      const center = laidOut?.label
      const ends = { from: byId.get(from), to: byId.get(to) }
      const { path, arrowhead } = edgePath((laidOut?.curve ?? []).map(at), at(laidOut?.tip ?? { x: 0, y: 0 }), ends)
      return {
        from,
        to,
        kind,
        ...(mark && { mark }),
        path,
        arrowhead,
        ...(label && center && { label: { ...label, ...at(center) } }),
      }
    }),
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
