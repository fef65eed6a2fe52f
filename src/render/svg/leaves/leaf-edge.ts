import { ARROW, arrowheadOf, type EdgeLine, edgePath, pair, rounded } from '../edge-path.ts'
import type { LaidOutEdge } from '../graphviz.ts'
import type { Box, PictureNode, PictureText, Point } from '../picture.ts'
import type { LeafGrid } from './leaf-grid.ts'

/** How far the middle of a label is above its line. */
const LABEL_RISE = 8

/** Both ends of the edge of a leaf, and the parts in between. */
export interface LeafEdgeInput {
  readonly hub: PictureNode | undefined
  readonly leaf: Box
  /** The position of the vertical line of the leaf's column. */
  readonly trunk: number
  readonly grid: Box & Pick<LeafGrid, 'direction'>
  /** The line that Graphviz found between the hub and the grid. */
  readonly line: LaidOutEdge
  readonly label: PictureText | undefined
}

/**
 * Draws the edge of a leaf in a grid. It consists of the line of Graphviz between the hub and the grid, a line above
 * the grid to the column of the leaf, a line down this column, and a horizontal line into the leaf. No piece of it
 * crosses another leaf.
 */
export function leafEdge(input: LeafEdgeInput): EdgeLine {
  const { leaf, trunk, grid, line, label } = input
  const isOut = grid.direction === 'out'
  const y = rounded(leaf.y + leaf.height / 2)
  const end = { x: rounded(isOut ? leaf.x : leaf.x + leaf.width), y }
  const gate = isOut ? line.tip : (line.curve[0] ?? line.tip)
  const isNearest = Math.abs(trunk - (isOut ? grid.x : grid.x + grid.width)) < 1
  const corners = isNearest
    ? [{ x: gate.x, y }]
    : [
        { x: gate.x, y: grid.y },
        { x: rounded(trunk), y: grid.y },
        { x: rounded(trunk), y },
      ]
  const middle = ((isNearest ? gate.x : trunk) + end.x + (isOut ? -ARROW.length : 0)) / 2
  return {
    ...(isOut ? outgoing(input, [gate, ...corners], end) : incoming(input, [...corners.toReversed(), gate], end)),
    ...(label && { label: { ...label, x: rounded(middle), y: rounded(y - LABEL_RISE) } }),
  }
}

/** Draws the horizontal edge from a leaf to its subscription. */
export function edgeBetween(from: Box, to: Box, label: PictureText | undefined): EdgeLine {
  const start = { x: rounded(from.x + from.width), y: rounded(from.y + from.height / 2) }
  const end = { x: rounded(to.x), y: start.y }
  const base = { x: rounded(end.x - ARROW.length), y: end.y }
  return {
    path: `M${pair(start)}L${pair(base)}`,
    arrowhead: arrowheadOf(base, end),
    ...(label && { label: { ...label, x: rounded((start.x + base.x) / 2), y: rounded(start.y - LABEL_RISE) } }),
  }
}

function outgoing({ hub, line: { curve, tip } }: LeafEdgeInput, corners: readonly Point[], end: Point) {
  const { path } = edgePath(curve, tip, { from: hub })
  const base = { x: rounded(end.x - ARROW.length), y: end.y }
  return { path: `${path}L${[...corners, base].map(pair).join(' ')}`, arrowhead: arrowheadOf(base, end) }
}

function incoming({ hub, line: { curve, tip } }: LeafEdgeInput, corners: readonly Point[], end: Point) {
  const { path, arrowhead } = edgePath(curve, tip, { to: hub })
  return { path: `M${pair(end)}L${corners.map(pair).join(' ')}${path.replace(/^M[^C]*/, '')}`, arrowhead }
}
