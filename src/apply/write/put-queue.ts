import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { isStopped } from '../../broker/amqp/connections/amqp.ts'
import { WrongBrokerError } from '../../broker/amqp/connections/expected-broker.ts'
import type { ManagementClient, Written } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { writes } from '../../broker/management/writes.ts'
import { address } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * Declares a queue.
 *
 * The management API declares a queue in the process of the request, and the broker ends this process when the client
 * closes the connection, for example because warren is killed or stops waiting (cowboy). A quorum queue or stream is
 * then registered without running members, and accepts no messages (rabbit_quorum_queue, declare). A channel finishes
 * a declaration that it has begun, even if the connection is lost. So these types are declared over AMQP if it can be
 * reached. If AMQP refuses, the request is repeated over the API, because reports show the API's reasons.
 *
 * @param amqp undefined if it cannot be reached
 */
export async function putQueue(client: ManagementClient, amqp: Amqp | undefined, queue: Queue): Promise<Written> {
  const { vhost, name, type, durable, autoDelete, arguments: table } = queue
  const typed = type === undefined ? table : { ...table, 'x-queue-type': type }
  // AMQP does not report whether a declaration created the queue.
  if (amqp !== undefined && type !== 'classic' && !(await reads.hasQueue(client, vhost, name))) {
    try {
      await amqp.ask(vhost, `declaring ${address('queue', vhost, name)}`, (channel) =>
        channel.assertQueue(name, { durable, autoDelete, arguments: typed }),
      )
      return 'made'
    } catch (error) {
      if (isStopped(error) || error instanceof WrongBrokerError) throw error
    }
  }
  return writes.putQueue(client, vhost, name, { durable, auto_delete: autoDelete, arguments: typed })
}
