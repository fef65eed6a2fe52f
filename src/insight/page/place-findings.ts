import type { Location } from '../../diagnostics/location.ts'
import { addressOf } from '../../model/address.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import type { Publication, Routes, Subscription } from '../../model/routes.ts'
import type { Graph } from '../graph/graph.ts'
import type { LintFinding } from '../lint/lint.ts'
import type { PageFinding, RoutedTopology } from './topology-page.ts'

/**
 * Finds the node of each finding: that of its exchange or queue, of the queue into which this one is folded, of the exchange
 * of its binding, or of the route that is declared at its position.
 *
 * @param routes with their positions in files
 */
export function placeFindings(
  findings: readonly LintFinding[],
  graph: Graph,
  { routed: { topology }, routes }: { readonly routed: RoutedTopology; readonly routes: Routes },
): PageFinding[] {
  const nodes = graph.groups.flatMap((group) => group.nodes)
  const nodeOf = new Map(nodes.map(({ id }) => [id, id]))
  for (const node of nodes) {
    if (node.kind !== 'queue') continue
    for (const name of node.failure?.folded.exchanges ?? []) nodeOf.set(objectId('exchange', node.vhost, name), node.id)
    for (const name of node.failure?.folded.queues ?? []) nodeOf.set(objectId('queue', node.vhost, name), node.id)
  }
  for (const { vhost, name, role } of topology.queues) {
    if (role?.kind !== 'partition' && role?.kind !== 'coordination') continue
    const stream = nodeOf.get(objectId('exchange', vhost, role.of))
    const id = objectId('queue', vhost, name)
    if (stream !== undefined && !nodeOf.has(id)) nodeOf.set(id, stream)
  }
  for (const binding of topology.bindings) {
    const source = nodeOf.get(objectId('exchange', binding.vhost, binding.source))
    if (source !== undefined) nodeOf.set(addressOf('binding', binding), source)
  }
  const routeAt = new Map<string, string>()
  const addRoute = (kind: 'publication' | 'subscription', { vhost, name, origin }: Publication | Subscription) => {
    if (origin === undefined) return
    const place = placeKey(origin)
    if (!routeAt.has(place)) routeAt.set(place, routeId(kind, vhost, name))
  }
  for (const each of routes.publications) addRoute('publication', each)
  for (const each of routes.subscriptions) addRoute('subscription', each)
  return findings.map((finding) => {
    const { rule, severity, message, hint, address: about, location, meaning, remedy } = finding
    const atPlace = location && routeAt.get(placeKey(location))
    const node = about === undefined ? atPlace : nodeOf.get(about)
    return {
      rule,
      severity,
      message,
      meaning,
      remedy,
      ...(hint !== undefined && { hint }),
      ...(about !== undefined && { address: about }),
      ...(node !== undefined && nodeOf.has(node) && { node }),
    }
  })
}

function placeKey({ file, line, column }: Location): string {
  return JSON.stringify([file, line, column])
}
