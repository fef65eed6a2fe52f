import type { ManagementClient } from '../../broker/management/client.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { AmqpError } from '../../broker/amqp/connections/amqp-error.ts'
import type { Ready } from '../../broker/amqp/count-ready.ts'
import { countReadyForSure } from '../../broker/amqp/count-ready.ts'
import { address } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import { askMajority } from '../counting/majority.ts'

/**
 * Checks a queue right before it is deleted.
 *
 * @returns `missing` if it does not exist
 * @throws {AmqpError} when its content is unknown: its leader does not answer, or it has lost its majority
 */
export async function lastLook(
  client: ManagementClient,
  amqp: Amqp,
  { vhost, name, type }: Queue,
): Promise<Ready | 'missing'> {
  const ready = await countReadyForSure(amqp, vhost, name, type)
  // An empty answer to a get proves that the queue has a majority.
  if (ready === 'missing' || type !== 'quorum' || ready.messages + ready.consumers === 0) return ready
  const lost = await askMajority(client, vhost, name)
  if (lost === undefined) return ready
  throw new AmqpError(`deleting ${address('queue', vhost, name)} was not attempted`, {
    reason: lost,
    hint: 'start the nodes of its other members, and run the command again',
  })
}
