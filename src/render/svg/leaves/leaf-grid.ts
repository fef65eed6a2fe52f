import type { GraphEdge } from '../../../insight/graph/graph.ts'
import { groupByKey } from '../../../model/values/group-by-key.ts'
import type { Size } from '../graphviz.ts'
import type { NodeBox } from '../node-box.ts'
import { ASPECT } from '../pack-boxes.ts'
import type { PictureText, Point } from '../picture.ts'

/** Graphviz stacks the leaves of a node in one column. A longer column would not fit on a screen. */
const MOST_IN_A_COLUMN = 12

/** Room below a leaf, where the label of the next line is, and next to a column. */
const GAP = { row: 14, column: 24 } as const
/** Room above the leaves for the lines to other columns. */
const LANE = 14
/** Room for a line and its arrowhead next to its label. */
const LINE_ROOM = 26

/** An edge with its text, if it has one. */
export interface LabeledEdge {
  readonly edge: GraphEdge
  readonly label: PictureText | undefined
}

/** The leaves of one node in several columns. Graphviz places the grid like a single node. */
export interface LeafGrid extends Size {
  /** The node that the leaves are connected with; undefined if they have no edges. */
  readonly hub: string | undefined
  /** Whether the edges lead out of the hub or into it. */
  readonly direction: 'out' | 'in'
  readonly leaves: readonly Leaf[]
}

/** A leaf with its place in the grid. */
export interface Leaf extends GridNode {
  /** The position of the vertical line of its column, which the edges of the column share. */
  readonly trunk: number
  /** The subscription that consumes the leaf, if nothing else is connected with either of them. */
  readonly next: GridNode | undefined
}

/** A node with its place in the grid. */
export interface GridNode extends Point {
  readonly box: NodeBox
  /** The edge from the hub or the leaf, or to the hub; undefined for a node without edges. */
  readonly arrow: LabeledEdge | undefined
}

/** A leaf before its place is known. */
interface LeafBox extends Unplaced, Pick<LeafGrid, 'hub' | 'direction'> {
  readonly next: Unplaced | undefined
}

type Unplaced = Pick<GridNode, 'box' | 'arrow'>

/** The end of an edge at a node, as the node at the other end sees it. */
interface End {
  readonly id: string
  readonly other: string
  readonly direction: LeafGrid['direction']
  readonly arrow: LabeledEdge
}

/** Finds the nodes with too many leaves for one column, and arranges these leaves in grids. */
export function leafGrids(boxes: readonly NodeBox[], edges: readonly LabeledEdge[]): LeafGrid[] {
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const ends = edges.flatMap((arrow): End[] => [
    { id: arrow.edge.from, other: arrow.edge.to, direction: 'in', arrow },
    { id: arrow.edge.to, other: arrow.edge.from, direction: 'out', arrow },
  ])
  const byNode = groupByKey(ends, ({ id }) => id)
  const leaves = boxes.flatMap((box) => leafOf(box, byNode, byId) ?? [])
  const byHub = groupByKey(leaves, ({ hub, direction }) => JSON.stringify([direction, hub]))
  return [...byHub.values()].filter((own) => own.length > MOST_IN_A_COLUMN).map(arranged)
}

/** The leaves of a grid, each followed by its subscription. */
export function nodesOfGrid({ leaves }: Pick<LeafGrid, 'leaves'>): GridNode[] {
  return leaves.flatMap((leaf) => (leaf.next === undefined ? [leaf] : [leaf, leaf.next]))
}

function leafOf(
  box: NodeBox,
  ends: ReadonlyMap<string, readonly End[]>,
  boxes: ReadonlyMap<string, NodeBox>,
): LeafBox | undefined {
  const own = ends.get(box.id) ?? []
  const [only, ...others] = own
  if (only === undefined) return { box, hub: undefined, direction: 'out', arrow: undefined, next: undefined }
  const { other: hub, direction, arrow } = own.find((end) => end.direction === 'out') ?? only
  if (others.length === 0) return { box, hub, direction, arrow, next: undefined }
  const consumed = own.find(({ arrow: { edge } }) => edge.kind === 'consume' && edge.from === box.id)
  const consumer = consumed && boxes.get(consumed.other)
  if (others.length > 1 || direction !== 'out' || consumer === undefined) return undefined
  if ((ends.get(consumer.id) ?? []).length > 1) return undefined
  return { box, hub, direction, arrow, next: { box: consumer, arrow: consumed?.arrow } }
}

function arranged(boxes: readonly [LeafBox, ...LeafBox[]]): LeafGrid {
  const [{ hub, direction }] = boxes
  const rows = rowsOf(boxes)
  const top = hub === undefined || rows >= boxes.length ? 0 : LANE
  const leaves: Leaf[] = []
  let [left, height] = [0, 0]
  for (let first = 0; first < boxes.length; first += rows) {
    const column = boxes.slice(first, first + rows)
    const channel = Math.max(...column.map(channelOf))
    const width = channel + Math.max(...column.map((leaf) => sizeOf(leaf).width))
    const trunk = direction === 'out' ? left : left + width
    let y = top
    for (const leaf of column) {
      const size = sizeOf(leaf)
      const x = direction === 'out' ? left + channel : left + width - channel - size.width
      leaves.push({ ...placed(leaf, { x, y }, size), trunk })
      y += size.height + GAP.row
    }
    height = Math.max(height, y - GAP.row)
    left += width + GAP.column
  }
  return { hub, direction, leaves, width: left - GAP.column, height }
}

/** A leaf and its subscription on one line. */
function placed({ box, arrow, next }: LeafBox, { x, y }: Point, { height, width }: Size): Omit<Leaf, 'trunk'> {
  const middle = (each: NodeBox) => y + (height - each.height) / 2
  return {
    box,
    arrow,
    x,
    y: middle(box),
    next: next && { ...next, x: x + width - next.box.width, y: middle(next.box) },
  }
}

/** The number of rows with which the grid has about the shape of a screen. */
function rowsOf(boxes: readonly LeafBox[]): number {
  const mean = (of: (leaf: LeafBox) => number) => boxes.reduce((sum, leaf) => sum + of(leaf), 0) / boxes.length
  const width = mean((leaf) => sizeOf(leaf).width + channelOf(leaf) + GAP.column)
  const height = mean((leaf) => sizeOf(leaf).height + GAP.row)
  const columns = Math.max(1, Math.round(Math.sqrt((boxes.length * height * ASPECT) / width)))
  return Math.ceil(boxes.length / columns)
}

/** The size of a leaf with its subscription. */
function sizeOf({ box, next }: LeafBox): Size {
  if (next === undefined) return box
  return { width: box.width + channelOf(next) + next.box.width, height: Math.max(box.height, next.box.height) }
}

/** Room for the line to a node with its label. */
function channelOf({ arrow }: Unplaced): number {
  return arrow === undefined ? 0 : LINE_ROOM + (arrow.label?.width ?? 0)
}
