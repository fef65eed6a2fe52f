import type { Amqp } from '../connections/amqp.ts'
import { MessageMover } from './message-mover.ts'

export interface MoveOrder {
  readonly vhost: string
  /** Classic or quorum. */
  readonly from: string
  readonly to: string
  /** Stops once so many were moved; what was received by then, at most `MOVE_WINDOW` messages, is moved too. */
  readonly atMost?: number
  /** When aborted, what was received is still moved, and nothing more is taken. */
  readonly signal?: AbortSignal
  /** Told of each message when it has arrived, with its `messageId` if it has one. */
  readonly onMoved?: (messageId: string | undefined) => void
  /** Told every ten seconds what is waited for while the broker confirms nothing. */
  readonly onProgress?: (text: string) => void
}

export interface Moved {
  readonly moved: number
  /**
   * Why it ended: nothing was ready any more; `atMost`; the signal; or the broker gives the messages to another consumer
   * (the active one of a queue with `singleActiveConsumer`).
   */
  readonly because: 'empty' | 'at-most' | 'signal' | 'not-served'
  /** Those whose `expiration` was left out: they do not expire any more. */
  readonly expirations: number
}

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
