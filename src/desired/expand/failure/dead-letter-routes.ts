import type { DeadLetterRoute } from '../../../model/routing/dead-letter-route.ts'
import type { Binding } from '../../../model/topology.ts'
import { DEFAULT_EXCHANGE } from '../checks/known-exchanges.ts'
import type { FailurePath } from './failure-path.ts'
import { BACK } from './retry.ts'

/**
 * Lists the dead-letter queues of a vhost. With `deadLetter: { queue: false }`, these are the queues with a declared
 * binding to `<queue>.failed`. Queues that are bound to a declared exchange may also receive other messages.
 */
export function deadLetterRoutes(
  paths: Iterable<FailurePath>,
  bindingsFrom: (source: string) => readonly Binding[],
): DeadLetterRoute[] {
  return [...paths].flatMap(({ queue, exchange, queues, rule: { last } }) => {
    if (last === 'discard') return []
    const made = queues.filter(({ purpose }) => purpose === 'dead-letter').map((each) => each.queue.name)
    // With the default exchange, it is the queue that the key names.
    if (last.exchange === DEFAULT_EXCHANGE) made.push(last.routingKey)
    const byHand =
      last.exchange === exchange.name
        ? bindingsFrom(exchange.name)
            .filter((each) => each.destinationType === 'queue' && each.routingKey === last.routingKey)
            .map(({ destination }) => destination)
        : []
    return [...new Set([...made, ...byHand])].map((deadLetterQueue) => ({
      vhost: queue.vhost,
      queue: queue.name,
      deadLetterQueue,
      exchange: last.exchange,
      routingKey: last.routingKey,
      back: { exchange: exchange.name, routingKey: BACK },
    }))
  })
}
