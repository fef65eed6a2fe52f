import { address, kindOf } from '../../model/address.ts'
import type { DeadLetterRoute } from '../../model/routing/dead-letter-route.ts'
import { readAddress } from '../../model/names/given-address.ts'
import { suggest } from '../../diagnostics/text/suggest.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** A dead-letter queue, with the routes of dead letters into it. */
export interface DeadLetterQueue {
  readonly vhost: string
  readonly name: string
  /** One for each queue that it serves. Empty only for a queue on a broker whose dead letters come from unknown queues. */
  readonly routes: readonly ServedRoute[]
}

/** A route of dead letters. On a broker, dead letters may keep their own keys; then their route has none. */
export type ServedRoute = Omit<DeadLetterRoute, 'routingKey'> & Partial<Pick<DeadLetterRoute, 'routingKey'>>

/** The sources in which dead-letter queues are searched for. */
export type DeadLetterPlace = 'topology' | 'broker'

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

/** How many queues an error lists. */
const MOST_LISTED = 20

/**
 * Finds a dead-letter queue by its name, by the name of a queue that it serves, or by the address of either. Its own name
 * has priority.
 *
 * @param place where the queues were found
 * @throws {WarrenError} `UNKNOWN_NAME` when no queue matches, `AMBIGUOUS_QUEUE` when more than one does
 */
export function chooseQueue(
  queues: readonly DeadLetterQueue[],
  given: string,
  place: DeadLetterPlace = 'topology',
): DeadLetterQueue {
  const readings = [
    queues.filter(({ name }) => name === given),
    queues.filter(({ routes }) => routes.some(({ queue }) => queue === given)),
  ]
  const named = readings.find((found) => found.length > 0)
  const meant = named ?? queues.filter((each) => addressesOf(each).includes(addressIn(given)))
  const [only, ...others] = meant
  if (only === undefined) throw unknown(queues, given, place)
  if (others.length > 0) {
    throw new WarrenError(`${JSON.stringify(given)} means more than one dead-letter queue`, {
      code: 'AMBIGUOUS_QUEUE',
      hint: `give the address of one: ${listed(meant)}`,
    })
  }
  return only
}

/** A name may look like an address; it counts as a name if a queue has it. */
function addressIn(given: string): string {
  return kindOf(given) === 'queue' ? readAddress('the queue', given) : given
}

function addressesOf({ vhost, name, routes }: DeadLetterQueue): string[] {
  return [name, ...routes.map(({ queue }) => queue)].map((each) => address('queue', vhost, each))
}

function unknown(queues: readonly DeadLetterQueue[], given: string, place: DeadLetterPlace): WarrenError {
  if (queues.length === 0 && place === 'broker') {
    return new WarrenError('the broker has no dead-letter queue that the login sees', {
      code: 'UNKNOWN_NAME',
      hint: 'a dead-letter queue receives the dead letters of another queue, or has a name such as orders.dead or orders_error',
    })
  }
  if (queues.length === 0) {
    return new WarrenError('the topology declares no dead-letter queue', {
      code: 'UNKNOWN_NAME',
      hint: 'declare one with `deadLetter: true` on a queue',
    })
  }
  const names = queues.flatMap((each) => [each.name, ...each.routes.map(({ queue }) => queue), ...addressesOf(each)])
  const near = suggest(given, names)
  return new WarrenError(
    `${JSON.stringify(given)} is neither a dead-letter queue of the ${place} nor a queue that has one`,
    {
      code: 'UNKNOWN_NAME',
      hint: `${near === undefined ? '' : `did you mean ${JSON.stringify(near)}? `}there are: ${listed(queues)}`,
    },
  )
}

function listed(queues: readonly DeadLetterQueue[]): string {
  const shown = queues.slice(0, MOST_LISTED).map(({ vhost, name }) => address('queue', vhost, name))
  const rest = queues.length - shown.length
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
