import type { Binding, Queue, Topology } from '../../model/topology.ts'
import { deadLetterTargets } from '../../model/policies/dead-letter-targets.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'

/** The roles of the queues of a vhost in failure paths, judged by arguments, policies and bindings. */
export interface QueueRoles {
  /** Queues in which messages wait until they expire, and that need no consumers. */
  readonly delay: ReadonlySet<string>
  /** Queues that receive dead letters of other queues, and do not pass them on by themselves. */
  readonly deadLetter: ReadonlySet<string>
  /** All queues that dead letters may reach, through an exchange or by name. */
  readonly reached: ReadonlySet<string>
  /** The sources of the dead letters in each dead-letter queue, by its name. */
  readonly sources: ReadonlyMap<string, readonly DeadLetterSource[]>
}

/** A queue whose dead letters may reach a dead-letter queue. */
export interface DeadLetterSource {
  readonly queue: string
  /** Empty for the default exchange. */
  readonly exchange: string
  /** Absent if the dead letters keep their own key. */
  readonly routingKey?: string
}

/**
 * Finds delay queues and dead-letter queues. A delay queue gives its messages a TTL and a dead-letter exchange. A
 * queue that only receives messages from delay queues is their target, not a dead-letter queue.
 *
 * @param version the version of the broker, which determines how policies apply
 * @param winners the policies that apply. Default: computed from the topology
 */
export function queueRoles(
  topology: Topology,
  version: string,
  winners: WinnersOfBoth = winnersOf(topology, version),
): QueueRoles {
  const queues = new Set(topology.queues.map(({ name }) => name))
  const fromExchange = bindingsBySource(topology.bindings)
  const delay = new Set<string>()
  const failing = new Map<string, DeadLetterSource[]>()
  const reached = new Set<string>()
  for (const queue of topology.queues) {
    for (const target of deadLetterTargets(queue, winners)) {
      if (target === undefined) continue
      if (target.delays) delay.add(queue.name)
      for (const name of queuesBehind(target.exchange, target.routingKey, queue, fromExchange)) {
        if (!queues.has(name)) continue
        reached.add(name)
        if (target.delays) continue
        const { exchange, routingKey } = target
        const source = { queue: queue.name, exchange, ...(routingKey !== undefined && { routingKey }) }
        const known = failing.get(name)
        if (known) known.push(source)
        else failing.set(name, [source])
      }
    }
  }
  const sources = new Map([...failing].filter(([name]) => !delay.has(name)))
  return { delay, deadLetter: new Set(sources.keys()), reached, sources }
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

/** The queues that an exchange may route to. If the routing key is unknown, all of its bindings count. */
function queuesBehind(
  exchange: string,
  routingKey: string | undefined,
  from: Queue,
  bindings: ReadonlyMap<string, readonly Binding[]>,
): readonly string[] {
  // The default exchange routes by the name of the queue, so dead letters that keep their key may return.
  if (exchange === '') return [routingKey ?? from.name].filter((name) => name !== from.name)
  const own = bindings.get(exchange) ?? []
  const byKey = routingKey === undefined ? [] : own.filter((each) => each.routingKey === routingKey)
  return (byKey.length > 0 ? byKey : own).flatMap(({ destinationType, destination }) =>
    destinationType === 'queue' ? [destination] : [],
  )
}
