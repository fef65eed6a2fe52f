import { arrowSvg } from '../edge-svg.ts'
import { attributes, element } from '../element.ts'
import { linesSvg, textSvg } from '../node-svg.ts'
import type { PictureOverview } from '../picture.ts'

/** The overview of groups: `<g class="overview">` with a box for each group, or for several that are alike. */
export function overviewSvg({ x, y, width, height, title, boxes, arrows }: PictureOverview): string {
  return element('g', { class: 'overview', transform: `translate(${x},${y})` }, [
    `<rect${attributes({ class: 'panel', width, height, rx: 6 })}/>`,
    textSvg(title, { class: 'heading', x: 12, y: 20 }),
    ...arrows.map((arrow) => element('g', { class: 'edge' }, arrowSvg(arrow))),
    ...boxes.map((box) =>
      element('g', { class: 'node summary', transform: `translate(${box.x},${box.y})` }, [
        `<rect${attributes({ class: 'shape', width: box.width, height: box.height, rx: 6 })}/>`,
        ...linesSvg(box.lines, box.width),
      ]),
    ),
  ])
}
