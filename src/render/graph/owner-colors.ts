import type { Graph } from '../../insight/graph/graph.ts'
import { ownersOf } from './node-words.ts'

/** Colors of owners that are readable as lines on white and on black: Okabe and Ito's, without black. */
export const OWNER_COLORS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#b8860b',
  '#56b4e9',
  '#7f5fc7',
  '#8c6d46',
] as const

/**
 * The color of each owner. There are none for a single owner, because they would have no meaning, or with a plan,
 * because its changes have colors.
 */
export function ownerColors(graph: Graph): ReadonlyMap<string, string> {
  if (graph.plan !== undefined) return new Map()
  const owners = ownersOf(graph)
  if (owners.length < 2) return new Map()
  return new Map(owners.map((owner, index) => [owner, OWNER_COLORS[index % OWNER_COLORS.length] ?? OWNER_COLORS[0]]))
}
