import { attributes, element } from './element.ts'
import { FONT } from './node-box.ts'
import { textSvg } from './node-svg.ts'
import type { Box, PictureEdge, Point } from './picture.ts'

/** An edge with its arrowhead and label. */
export function edgeSvg(edge: PictureEdge): string {
  const { from, to, kind, mark } = edge
  const names = ['edge', kind, ...(mark === undefined ? [] : [`mark-${mark}`])]
  return element('g', { class: names.join(' '), 'data-from': from, 'data-to': to }, arrowSvg(edge))
}

/** The line of an arrow, its head and its label. */
export function arrowSvg({ path, arrowhead, label }: Pick<PictureEdge, 'path' | 'arrowhead' | 'label'>): string[] {
  return [
    `<path${attributes({ class: 'line', d: path })}/>`,
    arrowheadSvg(arrowhead),
    ...(label === undefined ? [] : [textSvg(label, { x: label.x, y: label.y + FONT.fact / 2 - 2 })]),
  ]
}

/** A short horizontal edge for the legend. */
export function sampleEdge(kind: PictureEdge['kind'], { width, height }: Box): string {
  const middle = height / 2
  const head = [
    { x: width - 8, y: middle - 3.5 },
    { x: width, y: middle },
    { x: width - 8, y: middle + 3.5 },
  ]
  return element('g', { class: `edge ${kind}` }, [
    `<path${attributes({ class: 'line', d: `M0,${middle}H${width - 8}` })}/>`,
    arrowheadSvg(head),
  ])
}

function arrowheadSvg(corners: readonly Point[]): string {
  return `<path${attributes({ class: 'head', d: `M${corners.map(({ x, y }) => `${x},${y}`).join('L')}Z` })}/>`
}
