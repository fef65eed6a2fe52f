import { OWNER_COLORS } from '../graph/owner-colors.ts'
import { attributes, element } from './element.ts'
import { edgeSvg, sampleEdge } from './edge-svg.ts'
import { nodeShape, nodeSvg, textSvg } from './node-svg.ts'
import { SAMPLE, SAMPLE_GAP } from './legend.ts'
import { FONT } from './node-box.ts'
import type { LegendEntry, Picture, PictureGroup } from './picture.ts'
import { overviewSvg } from './overview/overview-svg.ts'
import { pictureStyle } from './picture-style.ts'
import { xmlText } from '../words/xml-text.ts'

/**
 * Draws a picture as SVG. A group is `<g class="group" data-vhost data-group>`; in it, a node is `<g class="node KIND"
 * data-id>` with its kind (`publication`, `exchange`, `queue`, `subscription`, or `link` for a stub with `data-node` or
 * `data-target-group`), and an edge `<g class="edge KIND" data-from data-to>`, whose ends are ids of nodes of this group.
 */
export function pictureSvg(picture: Picture): string {
  const { width, height, title, description, heading, overview, groups, legend } = picture
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'warren',
      role: 'img',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
    },
    [
      `<title>${xmlText(title)}</title>`,
      `<desc>${xmlText(description)}</desc>`,
      `<style>${pictureStyle()}</style>`,
      `<rect${attributes({ class: 'paper', width, height })}/>`,
      ...(heading === undefined ? [] : [textSvg(heading, { class: 'heading', x: heading.x, y: heading.y })]),
      ...(overview === undefined ? [] : [overviewSvg(overview)]),
      ...groups.map((group) => groupSvg(group, false)),
      element('g', { class: 'legend', transform: `translate(${legend.x},${legend.y})` }, [
        ...legend.entries.map(entrySvg),
        ...legend.notes.map((note) => textSvg(note, { x: note.x, y: note.y })),
      ]),
    ],
  )}\n`
}

/**
 * Draws one group as an SVG of its own whose nodes can be selected, for a page that has the style sheet of pictures
 * (`pictureStyle`).
 *
 * @param marks what is drawn on top of the nodes, as SVG
 */
export function groupPictureSvg(group: PictureGroup, marks: readonly string[] = []): string {
  const { width, height, title } = group
  return element(
    'svg',
    {
      class: 'warren',
      role: 'group',
      'aria-label': title.whole ?? title.text,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
    },
    [groupSvg({ ...group, x: 0, y: 0 }, true), ...marks],
  )
}

/** Draws each entry of the legend as an SVG of its own, so that a page can break lines between them. */
export function legendSvgs({ legend: { entries } }: Picture): string[] {
  return entries.map((entry) => {
    const { width, height } = entry
    const size = { viewBox: `0 0 ${width} ${height}`, width, height }
    return element(
      'svg',
      { class: 'warren legend', role: 'img', 'aria-label': entry.text.whole ?? entry.text.text, ...size },
      [entrySvg({ ...entry, x: 0, y: 0 })],
    )
  })
}

function groupSvg(group: PictureGroup, interactive: boolean): string {
  const { x, y, width, height, vhost, name, title, nodes, edges } = group
  return element('g', { class: 'group', 'data-vhost': vhost, 'data-group': name, transform: `translate(${x},${y})` }, [
    `<rect${attributes({ class: 'panel', width, height, rx: 6 })}/>`,
    textSvg(title, { class: 'heading', x: 12, y: 20 }),
    ...edges.map(edgeSvg),
    ...nodes.map((node) => nodeSvg(node, interactive)),
  ])
}

function entrySvg({ x, y, sample, text }: LegendEntry): string {
  const box = { x: 0, y: 0, ...SAMPLE }
  const shown =
    'node' in sample
      ? element('g', { class: `node ${sample.node}` }, [nodeShape({ ...box, kind: sample.node })])
      : 'mark' in sample
        ? element('g', { class: `node queue mark-${sample.mark}` }, [nodeShape({ ...box, kind: 'queue' })])
        : 'edge' in sample
          ? sampleEdge(sample.edge, box)
          : `<rect${attributes({ ...box, rx: 3, fill: OWNER_COLORS[sample.color % OWNER_COLORS.length] ?? 'none' })}/>`
  return element('g', { transform: `translate(${x},${y})` }, [
    shown,
    textSvg(text, { x: SAMPLE.width + SAMPLE_GAP, y: (SAMPLE.height + FONT.fact) / 2 - 2 }),
  ])
}
