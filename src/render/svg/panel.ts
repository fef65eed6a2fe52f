import { type EdgeEnds, type EdgeLine, edgePath, rounded } from './edge-path.ts'
import type { LaidOutEdge, Layout, Size } from './graphviz.ts'
import { LINE_HEIGHT } from './node-box.ts'
import type { Box, PictureText, Point } from './picture.ts'

/** Room around the boxes of a panel. */
const MARGIN = 16
/** Room for the title of a panel. */
const TITLE_HEIGHT = 30

/** A layout within the frame and under the title of a group or the overview. Positions count from the corner of the frame. */
export class Panel {
  readonly #layout: Layout
  readonly title: PictureText

  constructor(layout: Layout, title: PictureText) {
    this.#layout = layout
    this.title = title
  }

  /** The frame, which has no position in the picture yet. */
  get box(): Box {
    return {
      x: 0,
      y: 0,
      width: Math.ceil(Math.max(this.#layout.width, this.title.width) + 2 * MARGIN),
      height: Math.ceil(this.#layout.height + TITLE_HEIGHT + MARGIN),
    }
  }

  /** The upper left corner of a node. */
  corner(index: number, { width, height }: Size): Point {
    const { x, y } = moved(this.#layout.nodes[index] ?? { x: 0, y: 0 })
    return { x: rounded(x - width / 2), y: rounded(y - height / 2) }
  }

  /** The line of an edge, as Graphviz found it. */
  line(index: number): LaidOutEdge {
    const { curve = [], tip = { x: 0, y: 0 }, label } = this.#layout.edges[index] ?? {}
    return { curve: curve.map(moved), tip: moved(tip), ...(label && { label: moved(label) }) }
  }

  /** An edge with the shapes at its ends, and its label if it has one. */
  edge(index: number, ends: EdgeEnds, text?: PictureText): EdgeLine {
    const { curve, tip, label } = this.line(index)
    return { ...edgePath(curve, tip, ends), ...(text && label && { label: { ...text, ...label } }) }
  }
}

/** The room that Graphviz keeps free for the label of an edge. */
export function labelRoom({ width }: PictureText): Size {
  return { width: width + 8, height: LINE_HEIGHT }
}

function moved({ x, y }: Point): Point {
  return { x: rounded(x + MARGIN), y: rounded(y + TITLE_HEIGHT) }
}
