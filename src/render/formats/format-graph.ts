import type { Graph } from '../../insight/graph/graph.ts'
import { graphDot } from '../graph/dot.ts'
import { graphMermaid } from '../graph/mermaid.ts'

export interface GraphFormatOptions {
  /** Default `mermaid`. */
  readonly format?: 'mermaid' | 'dot'
}

/** Formats the result of `graph`. */
export function formatGraph(graph: Graph, options: GraphFormatOptions = {}): string {
  switch (options.format ?? 'mermaid') {
    case 'mermaid':
      return graphMermaid(graph)
    case 'dot':
      return graphDot(graph)
  }
}
