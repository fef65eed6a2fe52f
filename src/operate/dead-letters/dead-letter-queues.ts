import { address } from '../../model/address.ts'
import type { DeadLetterRoute } from '../../model/dead-letter-route.ts'

/** A dead-letter queue of a topology, with the ways of dead letters into it. */
export interface DeadLetterQueue {
  readonly vhost: string
  readonly name: string
  /** One for each queue that it serves; never empty. */
  readonly routes: readonly DeadLetterRoute[]
}

/** The dead-letter queues of a topology, in the order of the routes. */
export function deadLetterQueues(routes: readonly DeadLetterRoute[]): DeadLetterQueue[] {
  const byAddress = new Map<string, DeadLetterRoute[]>()
  for (const route of routes) {
    const key = address('queue', route.vhost, route.deadLetterQueue)
    byAddress.set(key, [...(byAddress.get(key) ?? []), route])
  }
  return [...byAddress.values()].flatMap((routes) => {
    const [first] = routes
    return first === undefined ? [] : [{ vhost: first.vhost, name: first.deadLetterQueue, routes }]
  })
}
