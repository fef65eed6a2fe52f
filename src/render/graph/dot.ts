import type { Graph, GraphEdge, GraphGroup, GraphNode } from '../../insight/graph/graph.ts'
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
        ...(color === undefined ? [] : [`color="${color}", penwidth=2`]),
      ]
      return `    ${idOf(node.id)} [${attributes.join(', ')}]`
    }),
    ...group.links.map((link) => `    ${idOf(link.id)} [label=${quoted(linkText(link))}, shape=plaintext]`),
    ...group.edges.map((edge) => {
      const text = edgeText(edge)
      const attributes = [...(text === '' ? [] : [`label=${quoted(text)}`]), STYLES[edge.kind]].filter(Boolean)
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
