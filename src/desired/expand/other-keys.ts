import type { Publication } from '../../model/routes.ts'
import type { VhostObjects } from './permissions/can.ts'
import { withAnyKeyOf } from './permissions/may-reach.ts'

/** An exchange of some publications, and the destinations that other keys on it reach. */
export interface OtherKeys {
  readonly exchange: string
  readonly publications: readonly string[]
  /** Queues and exchanges that no publication of the user leads to. */
  readonly destinations: readonly string[]
}

/** The broker does not check routing keys on these, so the publisher's key decides where a message goes. */
const UNCHECKED = new Set(['direct', 'headers'])

/**
 * Finds where a user may publish beyond its publications: the right to write is one for the whole exchange, and only topic
 * exchanges have rights on keys (rabbit_channel: check_topic_authorisation).
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
    // Which headers a program sends is for it to say, so one binding is as good as another; several are a choice.
    const others = bindings.filter(({ destination }) => !reached.has(destination))
    const destinations = [...new Set(others.map(({ destination }) => destination))].toSorted()
    if (destinations.length < (type === 'headers' ? 2 : 1)) return []
    return [{ exchange, publications: own.map(({ name }) => name), destinations }]
  })
}
