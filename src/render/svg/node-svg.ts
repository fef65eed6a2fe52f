import { attributes, element } from './element.ts'
import { MARK_SIGNS } from '../graph/change-words.ts'
import { OWNER_COLORS } from '../graph/owner-colors.ts'
import { HEXAGON_TIP } from './edge-path.ts'
import { LINE_HEIGHT, PADDING } from './node-box.ts'
import type { Box, PictureNode, PictureText } from './picture.ts'
import { xmlText } from '../words/xml-text.ts'

/** A node with its shape and lines. */
export function nodeSvg(node: PictureNode, interactive: boolean): string {
  const { x, y, width, kind, id, lines, color, missing, mark, target } = node
  const names = [
    'node',
    kind,
    ...(missing ? ['missing'] : []),
    ...(mark === undefined ? [] : [`mark-${mark}`]),
    ...(color === undefined ? [] : [`owner${color % OWNER_COLORS.length}`]),
  ]
  const whole = lines.map((line) => line.whole ?? line.text)
  return element(
    'g',
    {
      class: names.join(' '),
      'data-id': id,
      ...(target && ('group' in target ? { 'data-target-group': target.group } : { 'data-node': target.node })),
      ...(interactive && { tabindex: 0, role: 'button', 'aria-label': labelOf(lines) }),
      transform: `translate(${x},${y})`,
    },
    [
      `<title>${xmlText(whole.join('\n'))}</title>`,
      nodeShape({ ...node, x: 0, y: 0 }),
      ...linesSvg(lines, width, kind !== 'link'),
      ...(mark === undefined ? [] : [badge(MARK_SIGNS[mark])]),
    ],
  )
}

/**
 * The accessible name: first the visible texts, because speech input needs them, and then the full forms of the
 * shortened ones.
 */
function labelOf(lines: readonly PictureText[]): string {
  return [...lines.map(({ text }) => text), ...lines.flatMap(({ whole }) => whole ?? [])].join(', ')
}

/** The lines of a box, in its middle. The first is its name, unless there is none. */
export function linesSvg(lines: readonly PictureText[], width: number, hasName = true): string[] {
  return lines.map((line, index) =>
    textSvg(line, {
      class: index === 0 && hasName ? 'name' : undefined,
      x: width / 2,
      y: PADDING + index * LINE_HEIGHT + 12,
    }),
  )
}

/** The sign of a change at the upper left corner of a node. */
function badge(sign: string): string {
  return `<g class="badge"><circle r="9"/><text y="5">${xmlText(sign)}</text></g>`
}

/** The outline of a node. */
export function nodeShape({ x, y, width, height, kind }: Box & Pick<PictureNode, 'kind'>): string {
  switch (kind) {
    case 'exchange': {
      const tip = Math.min(HEXAGON_TIP, width / 4)
      const [middle, right, bottom] = [y + height / 2, x + width, y + height]
      return `<path${attributes({
        class: 'shape',
        d: `M${x},${middle}L${x + tip},${y}H${right - tip}L${right},${middle}L${right - tip},${bottom}H${x + tip}Z`,
      })}/>`
    }
    case 'queue':
    case 'link':
      return `<rect${attributes({ class: 'shape', x, y, width, height, rx: 2 })}/>`
    case 'publication':
    case 'subscription':
      return `<rect${attributes({ class: 'shape', x, y, width, height, rx: Math.min(height / 2, 18) })}/>`
  }
}

/** A string with the estimated width, to which the browser fits any font. */
export function textSvg(
  { text, width, whole }: PictureText,
  place: Readonly<Record<string, string | number | undefined>>,
): string {
  const title = whole === undefined ? '' : `<title>${xmlText(whole)}</title>`
  const fit = { textLength: width, lengthAdjust: 'spacingAndGlyphs' }
  return `<text${attributes({ ...place, ...fit })}>${xmlText(text)}${title}</text>`
}
