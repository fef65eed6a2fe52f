import type { DeadLetterQueue, ServedRoute } from '../../operate/dead-letters/dead-letter-queues.ts'
import type { MessageFilter } from '../../operate/dead-letters/message-filter.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedBinding } from '../../broker/management/answers/received.ts'
import { address } from '../../model/address.ts'

/**
 * Checks that replayed messages reach the queue where they failed, and no other.
 *
 * @throws {WarrenError} `NO_RETURN_ROUTE` when the binding is missing, or another queue was bound there
 */
export async function requireReturnRoutes(
  client: ManagementClient,
  { routes }: DeadLetterQueue,
  { queues = [] }: MessageFilter,
): Promise<void> {
  for (const route of routes) {
    if (queues.length === 0 || queues.includes(route.queue)) await requireReturnRoute(client, route)
  }
}

async function requireReturnRoute(client: ManagementClient, { vhost, queue, back }: ServedRoute): Promise<void> {
  // The default exchange leads by the name of a queue to that queue alone; if it is gone, the broker returns the copy.
  if (back.exchange === '') return
  const at = address('queue', vhost, queue)
  const reached = (await bindingsFrom(client, vhost, back.exchange)).filter(
    (each) => each.routing_key === back.routingKey,
  )
  const isIt = (each: ReceivedBinding): boolean => each.destination_type === 'queue' && each.destination === queue
  if (!reached.some(isIt)) {
    throw new WarrenError(
      `no route leads back to ${at}: the exchange ${JSON.stringify(back.exchange)} does not route there with ${JSON.stringify(back.routingKey)}`,
      { code: 'NO_RETURN_ROUTE', hint: 'create it with `warren apply`, and then replay' },
    )
  }
  const other = reached.find((each) => !isIt(each))
  if (other === undefined) return
  throw new WarrenError(
    `a replay to ${at} would also reach the ${other.destination_type} ${JSON.stringify(other.destination)}, which is bound to ${JSON.stringify(back.exchange)} by ${JSON.stringify(back.routingKey)} too`,
    { code: 'NO_RETURN_ROUTE', hint: 'remove that binding, and then replay' },
  )
}

async function bindingsFrom(
  client: ManagementClient,
  vhost: string,
  exchange: string,
): Promise<readonly ReceivedBinding[]> {
  return orIfMissing(reads.bindingsFromExchange(client, vhost, exchange), [])
}
