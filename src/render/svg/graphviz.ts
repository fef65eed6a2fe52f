import { Graphviz } from '@hpcc-js/wasm-graphviz'

/** A box or a label that Graphviz places. */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface LayoutEdge {
  /** Indexes of nodes. */
  readonly from: number
  readonly to: number
  readonly label?: Size
}

/** The layout from Graphviz. The positions of nodes and labels are their centers; y grows downwards. */
export interface Layout extends Size {
  readonly nodes: readonly { readonly x: number; readonly y: number }[]
  readonly edges: readonly LaidOutEdge[]
}

export interface LaidOutEdge {
  /** The control points of cubic Bézier curves: the start, and three for each curve. */
  readonly curve: readonly { readonly x: number; readonly y: number }[]
  /** The point of the arrow. */
  readonly tip: { readonly x: number; readonly y: number }
  readonly label?: { readonly x: number; readonly y: number }
}

/** Points per inch. Graphviz expects sizes in inches. */
const INCH = 72

/** Loads Graphviz and returns a function that lays out boxes and arrows from left to right. */
export async function loadLayout(): Promise<(nodes: readonly Size[], edges: readonly LayoutEdge[]) => Layout> {
  const graphviz = await Graphviz.load()
  return (nodes, edges) => parsed(graphviz.layout(dotOf(nodes, edges), 'json', 'dot'))
}

/**
 * Graphviz gets no texts, because it would measure them with its own fonts. It gets the sizes of boxes and labels
 * instead.
 */
function dotOf(nodes: readonly Size[], edges: readonly LayoutEdge[]): string {
  return [
    'digraph {',
    'graph [rankdir=LR, nodesep=0.2, ranksep=0.45, pad=0, margin=0]',
    'node [shape=box, fixedsize=true, label=""]',
    'edge [arrowsize=0.8]',
    ...nodes.map(({ width, height }, index) => `${index} [width=${width / INCH}, height=${height / INCH}]`),
    ...edges.map(({ from, to, label }) => `${from}->${to}${label === undefined ? '' : ` [label=${labelOf(label)}]`}`),
    '}',
  ].join('\n')
}

/** The label is an empty table, because only a table can have an exact size. */
function labelOf({ width, height }: Size): string {
  const size = `FIXEDSIZE="TRUE" WIDTH="${Math.ceil(width)}" HEIGHT="${Math.ceil(height)}"`
  return `<<TABLE ${size} BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0"><TR><TD></TD></TR></TABLE>>`
}

/** The parts of Graphviz's JSON that are used. Numbers are in texts. */
interface GraphvizJson {
  readonly bb: string
  readonly objects?: readonly { readonly pos: string }[]
  readonly edges?: readonly { readonly pos: string; readonly lp?: string }[]
}

function parsed(json: string): Layout {
  const { bb, objects = [], edges = [] }: GraphvizJson = JSON.parse(json)
  const [left = 0, bottom = 0, right = 0, top = 0] = bb.split(',').map(Number)
  const point = (text: string) => {
    const [x = 0, y = 0] = text.split(',').map(Number)
    return { x: x - left, y: top - y }
  }
  return {
    width: right - left,
    height: top - bottom,
    nodes: objects.map(({ pos }) => point(pos)),
    edges: edges.map(({ pos, lp }) => {
      // `e,<tip> <start> <control> <control> <end> …`
      const [tip = '', ...curve] = pos.split(' ')
      return {
        tip: point(tip.slice('e,'.length)),
        curve: curve.map(point),
        ...(lp !== undefined && { label: point(lp) }),
      }
    }),
  }
}
