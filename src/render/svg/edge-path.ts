import type { Box, PictureEdge, PictureNode, Point } from './picture.ts'

/** How far the tips of an exchange's hexagon extend beyond its rectangle. */
export const HEXAGON_TIP = 12

/** The length of an arrowhead, and half of its width. */
export const ARROW = { length: 9, width: 3.5 } as const

/** The nodes at the ends of an edge; undefined for a plain rectangle. */
export interface EdgeEnds {
  readonly from?: (Box & Pick<PictureNode, 'kind'>) | undefined
  readonly to?: (Box & Pick<PictureNode, 'kind'>) | undefined
}

/** How an edge is drawn: its line, its arrowhead, and its label if it has one. */
export type EdgeLine = Pick<PictureEdge, 'path' | 'arrowhead' | 'label'>

/**
 * The line of an edge and its arrowhead. Graphviz lays out every node as a rectangle, so the ends of lines are moved to the
 * slanted sides of a hexagon.
 */
export function edgePath(
  curve: readonly Point[],
  tip: Point,
  { from, to }: EdgeEnds,
): Pick<PictureEdge, 'path' | 'arrowhead'> {
  const [start = tip, ...rest] = curve
  const outline = onOutline(start, from)
  const end = onOutline(tip, to)
  const last = rest.at(-1) ?? start
  const moved = { x: end.x - tip.x, y: end.y - tip.y }
  const head = { x: rounded(last.x + moved.x), y: rounded(last.y + moved.y) }
  const path = `M${pair(outline)}${rest.length === 0 ? '' : `C${[...rest.slice(0, -1), head].map(pair).join(' ')}`}`
  return { path, arrowhead: arrowheadOf(head, end) }
}

/** The point of a node's outline that is level with a point of the rectangle around it. */
function onOutline(point: Point, node: EdgeEnds['from']): Point {
  if (node?.kind !== 'exchange') return point
  const middle = node.y + node.height / 2
  const slant = (HEXAGON_TIP * Math.abs(point.y - middle)) / (node.height / 2)
  const [left, right] = [node.x + slant, node.x + node.width - slant]
  const x = Math.min(Math.max(point.x, left), right)
  return Math.abs(x - point.x) < 0.5 ? point : { x: rounded(x), y: point.y }
}

/** The corners of an arrowhead at the end of a line that runs through `base`. */
export function arrowheadOf(base: Point, tip: Point): Point[] {
  const [dx, dy] = [tip.x - base.x, tip.y - base.y]
  const length = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / length, dy / length]
  const foot = { x: tip.x - ux * ARROW.length, y: tip.y - uy * ARROW.length }
  const corner = (side: number) => ({
    x: rounded(foot.x - uy * ARROW.width * side),
    y: rounded(foot.y + ux * ARROW.width * side),
  })
  return [corner(1), { x: rounded(tip.x), y: rounded(tip.y) }, corner(-1)]
}

/** A point in the notation of an SVG path. */
export function pair({ x, y }: Point): string {
  return `${x},${y}`
}

/** A tenth of a pixel is as exact as pictures need. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
