import { MARK_COLORS, MARK_SIGNS, MARK_WORDS, MARKS, notDrawnLines, planTitle } from './change-words.ts'
import type { Graph, GraphEdge, GraphGroup, GraphMark, GraphNode, GraphPlan } from '../../insight/graph/graph.ts'
import { edgeText, groupTitle, linkText, nodeLines } from './node-words.ts'
import { ownerColors } from './owner-colors.ts'
import { showText } from '../words/show-value.ts'

const SHAPES: Readonly<Record<GraphNode['kind'], string>> = {
  publication: 'shape=box, style=rounded',
  exchange: 'shape=hexagon',
  queue: 'shape=box',
  subscription: 'shape=box, style=rounded',
}

const STYLES: Readonly<Record<GraphEdge['kind'], string>> = {
  publish: '',
  binding: '',
  'dead-letter': 'style=dashed',
  alternate: 'style=dotted',
  consume: '',
}

/** A graph in the DOT language of Graphviz, with a cluster for each group. */
export function graphDot(graph: Graph): string {
  const colors = ownerColors(graph)
  const clusters = graph.groups.flatMap((group, index) => clusterLines(group, { index, graph, colors }))
  return `${[
    'digraph warren {',
    '  graph [rankdir=LR, fontname="sans-serif"]',
    '  node [fontname="sans-serif", fontsize=11]',
    '  edge [fontname="sans-serif", fontsize=9]',
    ...clusters,
    ...(colors.size === 0 ? [] : legendLines(colors)),
    ...(graph.plan === undefined ? [] : planLines(graph.plan)),
    '}',
  ].join('\n')}\n`
}

function legendLines(colors: ReadonlyMap<string, string>): string[] {
  return [
    '  subgraph cluster_owners {',
    '    label="owners"',
    ...Array.from(
      colors,
      ([owner, color]) =>
        `    ${quoted(`owner ${owner}`)} [label=${quoted(showText(owner))}, shape=box, color="${color}", penwidth=2]`,
    ),
    '  }',
  ]
}

/** How the lines of changes look, of nodes and of edges. Their signs are in the texts. */
const MARK_STYLES: Readonly<Record<GraphMark, readonly [node: string, edge: string]>> = {
  create: ['penwidth=4', 'penwidth=3'],
  update: ['penwidth=2', 'penwidth=2'],
  replace: ['penwidth=2, peripheries=2', 'penwidth=2'],
  delete: ['penwidth=2, style=dashed', 'penwidth=2, style=dashed'],
}

function nodeMark(mark: GraphMark): string {
  return `color="${MARK_COLORS[mark]}", ${MARK_STYLES[mark][0]}`
}

function edgeMark(mark: GraphMark): string {
  return `color="${MARK_COLORS[mark]}", ${MARK_STYLES[mark][1]}`
}

function planLines(plan: GraphPlan): string[] {
  const notDrawn = notDrawnLines(plan)
  return [
    '  subgraph cluster_plan {',
    `    label=${quoted(planTitle(plan))}`,
    ...MARKS.filter((mark) => plan.counts[mark] > 0).map((mark) => {
      const label = quoted(`${MARK_SIGNS[mark]} ${MARK_WORDS[mark]}`)
      return `    ${quoted(`plan ${mark}`)} [label=${label}, shape=box, ${nodeMark(mark)}]`
    }),
    ...(notDrawn.length === 0
      ? []
      : [`    "plan others" [label=${quoted('Not drawn', ...notDrawn)}, shape=plaintext]`]),
    '  }',
  ]
}

interface ClusterContext {
  readonly index: number
  readonly graph: Graph
  readonly colors: ReadonlyMap<string, string>
}

function clusterLines(group: GraphGroup, { index, graph, colors }: ClusterContext): string[] {
  const idOf = (id: string) => quoted(`${index} ${id}`)
  return [
    `  subgraph cluster_${index} {`,
    `    label=${quoted(groupTitle(group, graph))}`,
    ...group.nodes.map((node) => {
      const color = node.owner === undefined ? undefined : colors.get(node.owner)
      const attributes = [
        `label=${quoted(...nodeLines(node))}`,
        SHAPES[node.kind],
        ...(node.change === undefined ? [] : [nodeMark(node.change.mark)]),
        ...(color === undefined ? [] : [`color="${color}", penwidth=2`]),
      ]
      return `    ${idOf(node.id)} [${attributes.join(', ')}]`
    }),
    ...group.links.map((link) => `    ${idOf(link.id)} [label=${quoted(linkText(link))}, shape=plaintext]`),
    ...group.edges.map((edge) => {
      const text = edgeText(edge)
      const style = edge.mark === undefined ? STYLES[edge.kind] : edgeMark(edge.mark)
      const attributes = [...(text === '' ? [] : [`label=${quoted(text)}`]), style].filter(Boolean)
      return `    ${idOf(edge.from)} -> ${idOf(edge.to)}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`}`
    }),
    '  }',
  ]
}

/** A string of DOT with one line for each text. Graphviz reads escapes and entities in it. */
function quoted(...lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;').replaceAll('\n', ' '),
  )
  return `"${escaped.join('\\n')}"`
}
