import type { GraphEdge } from '../../../insight/graph/graph.ts'
import { type EdgeLine, rounded } from '../edge-path.ts'
import type { LaidOutEdge } from '../graphviz.ts'
import type { Box, PictureNode, Point } from '../picture.ts'
import { edgeBetween, leafEdge } from './leaf-edge.ts'
import { type GridNode, type LabeledEdge, type Leaf, type LeafGrid, nodesOfGrid } from './leaf-grid.ts'

/** A grid with its place in the group. */
export interface PlacedGrid extends Box, Pick<LeafGrid, 'hub' | 'direction' | 'leaves'> {
  readonly nodes: readonly PictureNode[]
}

/** Places the nodes of a grid whose upper left corner is at a point. */
export function placeGrid(grid: LeafGrid, corner: Point): PlacedGrid {
  return { ...grid, ...corner, nodes: nodesOfGrid(grid).map((each) => atCorner(each, corner)) }
}

/**
 * Draws the edges between a hub and the leaves of its grid, and within the grid.
 *
 * @param line the line that Graphviz found between the hub and the grid
 */
export function linesOfGrid(
  grid: PlacedGrid,
  hub: PictureNode | undefined,
  line: LaidOutEdge,
): readonly (readonly [GraphEdge, EdgeLine])[] {
  return grid.leaves.flatMap((leaf: Leaf) => {
    const node = atCorner(leaf, grid)
    const trunk = rounded(grid.x + leaf.trunk)
    const { next } = leaf
    return [
      ...lineOf(leaf.arrow, (label) => leafEdge({ hub, leaf: node, trunk, grid, line, label })),
      ...(next === undefined ? [] : lineOf(next.arrow, (label) => edgeBetween(node, atCorner(next, grid), label))),
    ]
  })
}

function lineOf(
  arrow: LabeledEdge | undefined,
  draw: (label: LabeledEdge['label']) => EdgeLine,
): (readonly [GraphEdge, EdgeLine])[] {
  return arrow === undefined ? [] : [[arrow.edge, draw(arrow.label)]]
}

function atCorner({ box, x, y }: GridNode, corner: Point): PictureNode {
  return { ...box, x: rounded(corner.x + x), y: rounded(corner.y + y) }
}
