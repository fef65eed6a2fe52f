import type { Graph } from '../../insight/graph/graph.ts'

/** Draws the result of `graph` as an SVG picture, with colors for light and dark screens. Loads Graphviz when it is called first. */
export async function drawGraph(graph: Graph): Promise<string> {
  const [{ layOutGraph }, { pictureSvg }] = await Promise.all([
    import('../svg/lay-out-graph.ts'),
    import('../svg/picture-svg.ts'),
  ])
  return pictureSvg(await layOutGraph(graph))
}
