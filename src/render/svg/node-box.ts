import type { GraphEdge, GraphGroup, GraphLink, GraphNode } from '../../insight/graph/graph.ts'
import { edgeText, linkText, nodeLines } from '../graph/node-words.ts'
import type { PictureNode, PictureText } from './picture.ts'
import { shortenedText, textWidth } from './text-width.ts'

/** Font sizes in pixels: for names, for other texts, and for titles. */
export const FONT = { name: 13, fact: 11, title: 14 } as const
/** The height of a line in a node. */
export const LINE_HEIGHT = 16
/** Room above and below the lines of a node. */
export const PADDING = 8

/** Room at both ends of the lines, which depends on the shape. */
const SIDES: Readonly<Record<PictureNode['kind'], number>> = {
  exchange: 20,
  queue: 14,
  publication: 18,
  subscription: 18,
  link: 8,
}

/** Names and facts that are wider are shortened. The names of RabbitMQ have up to 255 bytes. */
const WIDEST = { node: 280, edge: 190 } as const

/** A node before its place is known. */
export type NodeBox = Omit<PictureNode, 'x' | 'y'>

/** The texts of a node, and their size. */
export function nodeBox(node: GraphNode, color: number | undefined): NodeBox {
  const lines = nodeLines(node).map((line, index) => fitted(line, index === 0 ? FONT.name : FONT.fact, WIDEST.node))
  return {
    id: node.id,
    kind: node.kind,
    lines,
    missing: 'missing' in node && node.missing,
    ...(node.change && { mark: node.change.mark }),
    ...(color !== undefined && { color }),
    ...sizeOf(lines, SIDES[node.kind]),
  }
}

/** The text of a stub for nodes of other groups, and its size. */
export function linkBox(link: GraphLink): NodeBox {
  const lines = [fitted(linkText(link), FONT.fact, WIDEST.node)]
  return {
    id: link.id,
    kind: 'link',
    lines,
    missing: false,
    target: link.node === undefined ? { group: link.name } : { node: link.node },
    ...sizeOf(lines, SIDES.link),
  }
}

/** The text at an edge, if there is one. */
export function edgeLabel(edge: GraphEdge): PictureText | undefined {
  const text = edgeText(edge)
  return text === '' ? undefined : fitted(text, FONT.fact, WIDEST.edge)
}

/** The boxes of all nodes and links of a group. */
export function boxesOf({ nodes, links }: GraphGroup, colorOf: (node: GraphNode) => number | undefined): NodeBox[] {
  return [...nodes.map((node) => nodeBox(node, colorOf(node))), ...links.map(linkBox)]
}

/** A string that is shortened to a width. */
export function fitted(whole: string, fontSize: number, widest: number): PictureText {
  const text = shortenedText(whole, fontSize, widest)
  return { text, width: Math.ceil(textWidth(text, fontSize)), ...(text !== whole && { whole }) }
}

/** The size of a box around lines of text. */
export function sizeOf(
  lines: readonly PictureText[],
  sides: number,
): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(40, ...lines.map(({ width }) => width)) + 2 * sides,
    height: lines.length * LINE_HEIGHT + 2 * PADDING - 2,
  }
}
