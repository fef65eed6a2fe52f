import type { Binding, Queue, Topology } from '../../model/topology.ts'
import { deadLetterTargets } from '../../model/policies/dead-letter-targets.ts'
import { winnersOf } from '../../model/policies/winning-policies.ts'

/** The parts of the queues of a vhost in failure paths, as far as arguments, policies and bindings show them. */
export interface QueueRoles {
  /** Queues in which messages wait until they expire, and that nobody is expected to consume. */
  readonly delay: ReadonlySet<string>
  /** Queues that receive the dead letters of others, and do not pass them on by themselves. */
  readonly deadLetter: ReadonlySet<string>
  /** All queues that dead letters may reach, whether through an exchange or by name. */
  readonly reached: ReadonlySet<string>
}

/**
 * Finds delay queues and dead-letter queues. A delay queue gives its messages a TTL and a dead-letter exchange. A queue that
 * only delay queues lead to is where messages come back to, and not a dead-letter queue.
 *
 * @param version of the broker, by which policies differ
 */
export function queueRoles(topology: Topology, version: string): QueueRoles {
  const winners = winnersOf(topology, version)
  const queues = new Set(topology.queues.map(({ name }) => name))
  const fromExchange = bindingsBySource(topology.bindings)
  const delay = new Set<string>()
  const failing = new Set<string>()
  const reached = new Set<string>()
  for (const queue of topology.queues) {
    for (const target of deadLetterTargets(queue, winners)) {
      if (target === undefined) continue
      if (target.delays) delay.add(queue.name)
      for (const name of queuesBehind(target.exchange, target.routingKey, queue, fromExchange)) {
        if (!queues.has(name)) continue
        reached.add(name)
        if (!target.delays) failing.add(name)
      }
    }
  }
  return { delay, deadLetter: new Set([...failing].filter((name) => !delay.has(name))), reached }
}

function bindingsBySource(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const groups = new Map<string, Binding[]>()
  for (const each of bindings) {
    const group = groups.get(each.source)
    if (group) group.push(each)
    else groups.set(each.source, [each])
  }
  return groups
}

/** The queues that an exchange may lead to. Where it is not known with which key, all of its bindings count. */
function queuesBehind(
  exchange: string,
  routingKey: string | undefined,
  from: Queue,
  bindings: ReadonlyMap<string, readonly Binding[]>,
): readonly string[] {
  // The default exchange routes by the name of the queue; dead letters that keep their key may come back.
  if (exchange === '') return [routingKey ?? from.name].filter((name) => name !== from.name)
  const own = bindings.get(exchange) ?? []
  const byKey = routingKey === undefined ? [] : own.filter((each) => each.routingKey === routingKey)
  return (byKey.length > 0 ? byKey : own).flatMap(({ destinationType, destination }) =>
    destinationType === 'queue' ? [destination] : [],
  )
}
