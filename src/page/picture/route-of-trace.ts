import type { MessageTrace } from '../../insight/trace/trace.ts'
import type { TracedExchange } from '../../insight/trace/traced-exchange.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'

/** The nodes that a message passes, and the steps between them. */
export interface Route {
  readonly nodes: ReadonlySet<string>
  readonly steps: readonly { readonly from: string; readonly to: string }[]
}

/** Finds the nodes and steps of a trace, including those that depend on a decision of the broker. */
export function routeOf({ vhost, publication, exchange }: MessageTrace): Route {
  const steps: { from: string; to: string }[] = []
  const nodes = new Set<string>()
  const visit = (at: TracedExchange): string => {
    const from = objectId('exchange', vhost, at.name)
    nodes.add(from)
    for (const { destination } of [...at.matched, ...(at.oneOf?.bindings ?? [])]) {
      const to = destination.kind === 'queue' ? objectId('queue', vhost, destination.name) : visit(destination)
      nodes.add(to)
      steps.push({ from, to })
    }
    for (const next of [at.alternate, ...(at.oneOfAlternates?.exchanges ?? [])]) {
      if (next !== undefined) steps.push({ from, to: visit(next) })
    }
    return from
  }
  const first = visit(exchange)
  if (publication !== undefined) {
    const from = routeId('publication', vhost, publication)
    nodes.add(from)
    steps.push({ from, to: first })
    // A publication to the default exchange leads straight to its queue in the picture.
    if (exchange.name === '')
      for (const { destination } of exchange.matched) {
        steps.push({ from, to: objectId('queue', vhost, destination.name) })
      }
  }
  return { nodes, steps }
}
