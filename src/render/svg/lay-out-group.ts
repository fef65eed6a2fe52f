import type { Graph, GraphEdge, GraphGroup, GraphNode } from '../../insight/graph/graph.ts'
import { groupTitle } from '../graph/node-words.ts'
import type { EdgeLine } from './edge-path.ts'
import type { Layout, LayoutEdge, Size } from './graphviz.ts'
import { leafGrids, nodesOfGrid } from './leaves/leaf-grid.ts'
import { linesOfGrid, placeGrid } from './leaves/placed-grid.ts'
import { boxesOf, edgeLabel, fitted, FONT } from './node-box.ts'
import { labelRoom, Panel } from './panel.ts'
import type { PictureEdge, PictureGroup, PictureNode } from './picture.ts'

export interface GroupContext {
  readonly graph: Graph
  readonly colorOf: (node: GraphNode) => number | undefined
  readonly layOut: (nodes: readonly Size[], edges: readonly LayoutEdge[]) => Layout
}

/**
 * Lays out the nodes and edges of a group. Graphviz places the nodes; a grid of leaves is one of them. The group itself has no
 * place yet.
 */
export function layOutGroup(group: GraphGroup, { graph, colorOf, layOut }: GroupContext): PictureGroup {
  const boxes = boxesOf(group, colorOf)
  const edges = group.edges.map((edge) => ({ edge, label: edgeLabel(edge) }))
  const grids = leafGrids(boxes, edges)
  const inGrid = new Set(grids.flatMap(nodesOfGrid).map(({ box }) => box.id))
  const single = boxes.filter(({ id }) => !inGrid.has(id))
  const direct = edges.filter(({ edge: { from, to } }) => !inGrid.has(from) && !inGrid.has(to))
  const indexes = new Map(single.map(({ id }, index) => [id, index]))
  const indexOf = (id: string) => indexes.get(id) ?? 0
  const layout = layOut(
    [...single, ...grids],
    [
      ...direct.map(({ edge: { from, to }, label }) => ({
        from: indexOf(from),
        to: indexOf(to),
        ...(label && { label: labelRoom(label) }),
      })),
      ...grids.flatMap(({ hub, direction }, index): LayoutEdge[] => {
        if (hub === undefined) return []
        const [near, far] = [indexOf(hub), single.length + index]
        return [direction === 'out' ? { from: near, to: far } : { from: far, to: near }]
      }),
    ],
  )
  const title = fitted(groupTitle(group, graph), FONT.title, 400)
  const panel = new Panel(layout, title)
  const placedGrids = grids.map((grid, index) => placeGrid(grid, panel.corner(single.length + index, grid)))
  const nodes = new Map([
    ...single.map((box, index): [string, PictureNode] => [box.id, { ...box, ...panel.corner(index, box) }]),
    ...placedGrids.flatMap(({ nodes: own }) => own).map((node): [string, PictureNode] => [node.id, node]),
  ])
  const lines = new Map<GraphEdge, EdgeLine>([
    ...direct.map(({ edge, label }, index): [GraphEdge, EdgeLine] => [
      edge,
      panel.edge(index, { from: nodes.get(edge.from), to: nodes.get(edge.to) }, label),
    ]),
    ...placedGrids
      .filter(({ hub }) => hub !== undefined)
      .flatMap((grid, index) => linesOfGrid(grid, nodes.get(grid.hub ?? ''), panel.line(direct.length + index))),
  ])
  return {
    ...panel.box,
    vhost: group.vhost,
    name: group.name,
    title,
    nodes: boxes.flatMap(({ id }) => nodes.get(id) ?? []),
    edges: group.edges.flatMap((edge): PictureEdge[] => {
      const line = lines.get(edge)
      const { from, to, kind, mark } = edge
      return line === undefined ? [] : [{ from, to, kind, ...(mark && { mark }), ...line }]
    }),
  }
}
