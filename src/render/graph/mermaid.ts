import { MARK_COLORS, MARK_SIGNS, MARK_WORDS, MARKS, notDrawnLines, planTitle } from './change-words.ts'
import type { Graph, GraphEdge, GraphGroup, GraphMark, GraphNode, GraphPlan } from '../../insight/graph/graph.ts'
import { edgeText, groupTitle, linkText, nodeLines } from './node-words.ts'
import { ownerColors } from './owner-colors.ts'
import { showText } from '../words/show-value.ts'

/** The brackets that give a node its shape. */
const SHAPES: Readonly<Record<GraphNode['kind'], readonly [open: string, close: string]>> = {
  publication: ['([', '])'],
  exchange: ['{{', '}}'],
  queue: ['[', ']'],
  subscription: ['([', '])'],
}

const ARROWS: Readonly<Record<GraphEdge['kind'], string>> = {
  publish: '-->',
  binding: '-->',
  'dead-letter': '-.->',
  alternate: '-.->',
  consume: '-->',
}

/** A graph as a flowchart of Mermaid, with a subgraph for each group. */
export function graphMermaid(graph: Graph): string {
  const colors = ownerColors(graph)
  const classes = new Map([...colors.keys()].map((owner, index) => [owner, `owner${index}`]))
  const ids = new Map<string, string>()
  const idOf = (group: number, id: string): string => {
    const key = `${group} ${id}`
    const found = ids.get(key) ?? `n${ids.size}`
    ids.set(key, found)
    return found
  }
  const lines = graph.groups.flatMap((group, index) =>
    groupLines(group, {
      id: `g${index}`,
      title: groupTitle(group, graph),
      idOf: (id) => idOf(index, id),
      classOf: ({ owner, change }) => change?.mark ?? (owner === undefined ? undefined : classes.get(owner)),
    }),
  )
  const legend = Array.from(classes, ([owner, name]) => `    ${name}["${escaped(showText(owner))}"]:::${name}`)
  const styles = Array.from(
    colors,
    ([owner, color]) => `  classDef ${classes.get(owner)} stroke:${color},stroke-width:3px`,
  )
  return `${[
    'flowchart LR',
    ...lines,
    ...(legend.length === 0 ? [] : ['  subgraph owners', ...legend, '  end']),
    ...(graph.plan === undefined
      ? []
      : planLines(
          graph.plan,
          graph.groups.flatMap(({ edges }) => edges),
        )),
    ...(graph.groups.some(({ links }) => links.length > 0) ? ['  classDef link stroke-dasharray:4 3'] : []),
    ...styles,
  ].join('\n')}\n`
}

/** How the lines of changes look. Dashes mean that something ends. */
const MARK_STYLES: Readonly<Record<GraphMark, string>> = {
  create: 'stroke-width:4px',
  update: 'stroke-width:3px,stroke-dasharray:12 3',
  replace: 'stroke-width:4px,stroke-dasharray:12 3 3 3',
  delete: 'stroke-width:3px,stroke-dasharray:5 4',
}

/** The legend of a plan, and the styles of what it changes. */
function planLines(plan: GraphPlan, edges: readonly GraphEdge[]): string[] {
  const used = MARKS.filter((mark) => plan.counts[mark] > 0)
  const notDrawn = notDrawnLines(plan)
  const links = used.flatMap((mark) => {
    const indexes = edges.flatMap((edge, index) => (edge.mark === mark ? [index] : []))
    const style = `stroke:${MARK_COLORS[mark]},${MARK_STYLES[mark]}`
    return indexes.length === 0 ? [] : [`  linkStyle ${indexes.join(',')} ${style}`]
  })
  return [
    `  subgraph plan["${escaped(planTitle(plan))}"]`,
    ...used.map((mark) => `    plan-${mark}["${escaped(`${MARK_SIGNS[mark]} ${MARK_WORDS[mark]}`)}"]:::${mark}`),
    ...(notDrawn.length === 0 ? [] : [`    plan-others["${['Not drawn', ...notDrawn].map(escaped).join('<br/>')}"]`]),
    '  end',
    ...used.map((mark) => `  classDef ${mark} stroke:${MARK_COLORS[mark]},${MARK_STYLES[mark]}`),
    ...links,
  ]
}

interface GroupContext {
  readonly id: string
  readonly title: string
  readonly idOf: (id: string) => string
  readonly classOf: (node: GraphNode) => string | undefined
}

function groupLines({ nodes, edges, links }: GraphGroup, { id, title, idOf, classOf }: GroupContext): string[] {
  return [
    `  subgraph ${id}["${escaped(title)}"]`,
    ...nodes.map((node) => {
      const [open, close] = SHAPES[node.kind]
      const own = classOf(node)
      const text = nodeLines(node).map(escaped).join('<br/>')
      return `    ${idOf(node.id)}${open}"${text}"${close}${own === undefined ? '' : `:::${own}`}`
    }),
    ...links.map((link) => `    ${idOf(link.id)}["${escaped(linkText(link))}"]:::link`),
    '  end',
    ...edges.map((edge) => {
      const text = edgeText(edge)
      const label = text === '' ? '' : `|"${escaped(text)}"|`
      return `  ${idOf(edge.from)} ${ARROWS[edge.kind]}${label} ${idOf(edge.to)}`
    }),
  ]
}

/** Every character that is not plain text. An underscore within a word is not plain text. */
const SPECIAL = /(?![\p{L}\p{N} .,:/→-]|(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}]))./gsu

/** Mermaid interprets quotes, hashes, HTML and Markdown in texts. It accepts any character by its number. */
function escaped(text: string): string {
  return text.replaceAll(SPECIAL, (character) => `#${character.codePointAt(0)};`)
}
