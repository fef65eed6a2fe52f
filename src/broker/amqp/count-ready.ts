import { address } from '../../model/address.ts'
import type { Amqp } from './connections/amqp.ts'
import { AmqpError } from './connections/amqp-error.ts'

/** What a passive declare reports of a queue at this moment. */
export interface Ready {
  /** Without what is unacknowledged, and without what at-least-once dead-lettering holds. */
  readonly messages: number
  /** Without those that were cancelled and still hold messages. */
  readonly consumers: number
}

/**
 * Counts the messages that are ready in a queue, and its consumers. A stream reports too few right after a publish, and a
 * quorum queue whose leader does not answer reports 0 of both: before a delete, use `countReadyForSure`.
 *
 * @returns `missing` when there is no such queue
 * @throws {AmqpError} with `isRefused()` when the login has no right on the queue (on RabbitMQ 4.3 also when there is
 *   no such queue), and when its node is down
 */
export async function countReady(amqp: Amqp, vhost: string, queue: string): Promise<Ready | 'missing'> {
  try {
    return await amqp.ask(vhost, `counting ${address('queue', vhost, queue)}`, async (channel) => {
      const { messageCount, consumerCount } = await channel.checkQueue(queue)
      return { messages: messageCount, consumers: consumerCount }
    })
  } catch (error) {
    if (error instanceof AmqpError && error.isNotFound()) return 'missing'
    throw error
  }
}
