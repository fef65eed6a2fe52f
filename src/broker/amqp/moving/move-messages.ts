import type { Amqp } from '../connections/amqp.ts'
import { MessageMover, type Moved, type MoveOrder } from './message-mover.ts'

/**
 * Moves what is ready in one queue to another, in order, until there is nothing more.
 *
 * Each message is published with `mandatory` to the default exchange, and acknowledged only when the broker has
 * confirmed that the other queue has it. When this is cut short, no message is lost, and at most `MOVE_WINDOW` of them
 * are in both queues.
 *
 * @throws {MoveError} when the broker refuses something, or the connection is lost; it tells how many were moved
 */
export async function moveMessages(amqp: Amqp, order: MoveOrder): Promise<Moved> {
  return new MessageMover(await amqp.opened(order.vhost), order).run()
}
