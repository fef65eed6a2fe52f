import type { GraphPlan } from '../../insight/graph/graph.ts'
import { MARK_SIGNS, MARK_WORDS, MARKS, notDrawnLines } from '../graph/change-words.ts'
import { showText } from '../words/show-value.ts'
import { fitted, FONT, LINE_HEIGHT } from './node-box.ts'
import type { LegendEntry, PictureEdge, PictureGroup, PictureLegend, PictureNode } from './picture.ts'

/** The meaning of the shapes of nodes, in the order in which a message passes them. */
const NODES: readonly (readonly [kind: PictureNode['kind'], text: string])[] = [
  ['publication', 'publication'],
  ['exchange', 'exchange'],
  ['queue', 'queue'],
  ['subscription', 'subscription'],
  ['link', 'in another group'],
]

const EDGES: readonly (readonly [kind: PictureEdge['kind'], text: string])[] = [
  ['binding', 'binding with its keys'],
  ['dead-letter', 'dead letters'],
  ['alternate', 'messages that no binding takes'],
]

/** The size of the samples of shapes and lines. */
export const SAMPLE = { width: 28, height: 16 } as const
/** Room between a sample and its text. */
export const SAMPLE_GAP = 6
const GAP = { entry: 18, row: 8 } as const

/** The parts of a legend in addition to the shapes and lines of the groups. */
export interface LegendInput {
  /** The owners that have colors. */
  readonly owners: readonly string[]
  readonly plan: GraphPlan | undefined
  readonly widest: number
}

/** Explains what is in the picture, in rows as wide as the picture. */
export function legendOf(groups: readonly PictureGroup[], { owners, plan, widest }: LegendInput): PictureLegend {
  const nodes = new Set(groups.flatMap((group) => group.nodes.map(({ kind }) => kind)))
  const edges = new Set(groups.flatMap((group) => group.edges.map(({ kind }) => kind)))
  // A queue can be marked as changed by a binding or a retry that is created, although the plan updates nothing.
  const marked = new Set(groups.flatMap((group) => [...group.nodes, ...group.edges].map(({ mark }) => mark)))
  const marks = MARKS.filter((mark) => (plan?.counts[mark] ?? 0) > 0 || marked.has(mark))
  const entries = [
    ...marks.map((mark) => ({ sample: { mark }, text: `${MARK_SIGNS[mark]} ${MARK_WORDS[mark]}` })),
    ...NODES.filter(([kind]) => nodes.has(kind)).map(([node, text]) => ({ sample: { node }, text })),
    ...EDGES.filter(([kind]) => edges.has(kind)).map(([edge, text]) => ({ sample: { edge }, text })),
    ...owners.map((owner, color) => ({ sample: { color }, text: showText(owner) })),
  ]
  const rows = inRows(
    entries.map(({ sample, text }) => ({ sample, text: fitted(text, FONT.fact, 200) })),
    Math.max(widest, 300),
  )
  const notDrawn = plan === undefined ? [] : notDrawnLines(plan)
  const lines = notDrawn.length === 0 ? [] : ['Also in the plan, and not drawn:', ...notDrawn]
  const notes = lines.map((line, index) => ({
    ...fitted(line, FONT.fact, Math.max(widest, 300)),
    x: 0,
    y: rows.height + GAP.row + (index + 1) * LINE_HEIGHT,
  }))
  return {
    ...rows,
    width: Math.max(rows.width, ...notes.map(({ width }) => width)),
    height: notes.at(-1)?.y ?? rows.height,
    notes,
  }
}

function inRows(
  entries: readonly Pick<LegendEntry, 'sample' | 'text'>[],
  widest: number,
): Omit<PictureLegend, 'notes'> {
  const height = SAMPLE.height
  let [x, y] = [0, 0]
  const placed = entries.map((entry): LegendEntry => {
    const width = SAMPLE.width + SAMPLE_GAP + entry.text.width
    if (x > 0 && x + width > widest) [x, y] = [0, y + height + GAP.row]
    const box = { x, y, width, height }
    x += width + GAP.entry
    return { ...entry, ...box }
  })
  const right = Math.max(0, ...placed.map((box) => box.x + box.width))
  return { x: 0, y: 0, width: right, height: placed.length === 0 ? 0 : y + height, entries: placed }
}
