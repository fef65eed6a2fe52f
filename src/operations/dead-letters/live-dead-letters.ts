import type { Snapshot, VhostSnapshot } from '../../broker/snapshot/snapshot.ts'
import { type DeadLetterSource, queueRoles } from '../../insight/survey/queue-roles.ts'
import type { DeadLetterQueue, ServedRoute } from '../../operate/dead-letters/dead-letter-queues.ts'

/** How frameworks and people name queues for failed messages, such as `orders.dead`, `orders_error` or `orders-dlq`. */
const NAMED = /(?:^|[._-])(?:dead|dead[._-]?letters?|dlq|errors?|failed|poison|skipped|parking[._-]?lot|parked)$/i

/**
 * The dead-letter queues on a broker: those that receive the dead letters of other queues, and those that only have such a
 * name, whose dead letters come from unknown queues. Streams and queues in which messages wait for a retry are left out.
 */
export function liveDeadLetterQueues({ vhosts, live }: Pick<Snapshot, 'vhosts' | 'live'>): readonly DeadLetterQueue[] {
  return vhosts.flatMap((vhost) => queuesIn(vhost, live.broker.version))
}

function queuesIn({ name: vhost, topology }: VhostSnapshot, version: string): readonly DeadLetterQueue[] {
  const { sources, delay } = queueRoles(topology, version)
  return topology.queues.flatMap(({ name, type }): DeadLetterQueue[] => {
    if (type === 'stream' || delay.has(name)) return []
    const from = sources.get(name) ?? []
    if (from.length === 0 && !NAMED.test(name)) return []
    return [{ vhost, name, routes: from.map((each) => routeFrom(each, name, { name: vhost, topology })) }]
  })
}

function routeFrom(
  { queue, exchange, routingKey }: DeadLetterSource,
  deadLetterQueue: string,
  { name: vhost, topology }: Pick<VhostSnapshot, 'name' | 'topology'>,
): ServedRoute {
  const own = `${queue}.failed`
  // The return route that warren declares; without it, the default exchange leads to the queue by its name.
  const isDeclared = topology.bindings.some(
    (each) => each.source === own && each.routingKey === 'back' && each.destination === queue,
  )
  const back = isDeclared ? { exchange: own, routingKey: 'back' } : { exchange: '', routingKey: queue }
  return { vhost, queue, deadLetterQueue, exchange, ...(routingKey !== undefined && { routingKey }), back }
}

/** Data of a broker that could not be read, so that queues or the origins of their dead letters may be missing. */
export function unreadForDeadLetters(unknown: Snapshot['unknown']): readonly string[] {
  return unknown.flatMap(({ what, vhost }) => {
    const isMissed = what === 'vhost' || what === 'policies' || what === 'operator-policies'
    if (!isMissed) return []
    const where = vhost === undefined ? '' : ` of vhost ${JSON.stringify(vhost)}`
    return [what === 'vhost' ? `the queues${where}` : `the ${what.replace('-', ' ')}${where}`]
  })
}
