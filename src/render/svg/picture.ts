import type { GraphEdge, GraphMark, GraphNode } from '../../insight/graph/graph.ts'

/**
 * A graph with the position and size of everything in it, in pixels, as plain data. `pictureSvg` draws it. Positions within a
 * group or the overview count from its upper left corner.
 */
export interface Picture {
  readonly width: number
  readonly height: number
  /** A description of the picture, for readers who cannot see it. */
  readonly title: string
  readonly description: string
  /** The line at the top about the plan whose changes are marked. */
  readonly heading?: PictureText & Point
  /** The groups as boxes, with the number of arrows between them. Absent where there are few groups. */
  readonly overview?: PictureOverview
  readonly groups: readonly PictureGroup[]
  readonly legend: PictureLegend
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** A line of text that fits its place. */
export interface PictureText {
  readonly text: string
  /** The width that the text takes up at most. */
  readonly width: number
  /** The whole text, where `text` is shortened. */
  readonly whole?: string
}

export interface PictureGroup extends Box {
  readonly vhost: string
  /** Empty for the nodes without a group. */
  readonly name: string
  readonly title: PictureText
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
}

/** A node, or a stub for nodes of other groups. */
export interface PictureNode extends Box {
  /** The id of the node, or of the link within its group. */
  readonly id: string
  readonly kind: GraphNode['kind'] | 'link'
  readonly lines: readonly PictureText[]
  /** The index of the owner's color. Absent with a single owner. */
  readonly color?: number
  readonly missing: boolean
  /** The effect of the plan on it. */
  readonly mark?: GraphMark
  /** The target of a stub: a group of the same virtual host, or a node. */
  readonly target?: { readonly group: string } | { readonly node: string }
}

export interface PictureEdge {
  readonly from: string
  readonly to: string
  readonly kind: GraphEdge['kind']
  readonly mark?: GraphMark
  /** The path of the line, as SVG writes it, without the arrowhead. */
  readonly path: string
  /** The three corners of the arrowhead. */
  readonly arrowhead: readonly Point[]
  /** The text with its center. */
  readonly label?: PictureText & Point
}

export interface PictureOverview extends Box {
  readonly title: PictureText
  readonly boxes: readonly OverviewBox[]
  readonly arrows: readonly OverviewArrow[]
}

/** A group in the overview, or several that have the same neighbors. */
export interface OverviewBox extends Box {
  readonly lines: readonly PictureText[]
  /** The groups that it stands for, as indexes of `Picture.groups`. */
  readonly groups: readonly number[]
}

export interface OverviewArrow extends Pick<PictureEdge, 'path' | 'arrowhead' | 'label'> {
  /** Indexes of boxes. */
  readonly from: number
  readonly to: number
  /** How many edges it stands for. */
  readonly count: number
}

/** The meaning of shapes, lines and colors. */
export interface PictureLegend extends Box {
  readonly entries: readonly LegendEntry[]
  /** Changes of the plan that are not drawn, one below the other. */
  readonly notes: readonly (PictureText & Point)[]
}

export interface LegendEntry extends Box {
  readonly sample:
    | { readonly node: PictureNode['kind'] }
    | { readonly edge: PictureEdge['kind'] }
    | { readonly color: number }
    | { readonly mark: GraphMark }
  readonly text: PictureText
}
