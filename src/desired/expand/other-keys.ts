import type { Publication } from '../../model/routes.ts'
import type { VhostObjects } from './permissions/can.ts'
import { withAnyKeyOf } from './permissions/may-reach.ts'

/** An exchange that some publications use, and the destinations that other routing keys reach through it. */
export interface OtherKeys {
  readonly exchange: string
  readonly publications: readonly string[]
  /** Queues and exchanges that no publication of the user reaches. */
  readonly destinations: readonly string[]
}

/** The broker does not check routing keys on these types, so a publisher can send messages to any destination. */
const UNCHECKED = new Set(['direct', 'headers'])

/**
 * Finds where a user may publish beyond its publications: the right to write applies to a whole exchange, and only
 * topic exchanges have rights on keys (rabbit_channel: check_topic_authorisation).
 */
export function otherKeys(publications: readonly Publication[], objects: VhostObjects): OtherKeys[] {
  const names = new Set(publications.map(({ exchange }) => exchange).filter((exchange) => exchange !== ''))
  return [...names].flatMap((exchange) => {
    const type = objects.knownExchanges.get(exchange)?.type
    if (type === undefined || !UNCHECKED.has(type)) return []
    const own = publications.filter((each) => each.exchange === exchange)
    const takes = own.map(({ routingKey }) => withAnyKeyOf(routingKey))
    const bindings = objects.bindingsFrom(exchange)
    const reached = new Set(
      bindings
        .filter(({ routingKey }) => type === 'direct' && takes.some((each) => each(type, routingKey)))
        .map(({ destination }) => destination),
    )
    // A program may send any headers, so all bindings are alternatives.
    const others = bindings.filter(({ destination }) => !reached.has(destination))
    const destinations = [...new Set(others.map(({ destination }) => destination))].toSorted()
    if (destinations.length < (type === 'headers' ? 2 : 1)) return []
    return [{ exchange, publications: own.map(({ name }) => name), destinations }]
  })
}
