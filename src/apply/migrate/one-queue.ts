import { liveQueue } from '../../broker/live/normalize.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError, orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { AmqpError } from '../../broker/amqp/connections/amqp-error.ts'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { address } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import { compare } from '../../plan/compare/compare.ts'
import { holdingQueue } from '../../plan/migration/holding-queue.ts'
import { lastLook } from '../delete/last-look.ts'
import { putQueue } from '../write/put-queue.ts'

/** Reads one queue; undefined if it does not exist. */
export async function readQueue(client: ManagementClient, vhost: string, name: string): Promise<Queue | undefined> {
  const received = await orIfMissing(reads.queue(client, vhost, name), undefined)
  return received && liveQueue(received)
}

/** Whether a live queue is as declared. */
export function isAs(live: Queue | undefined, declared: Queue): boolean {
  return live !== undefined && compare('queue', live, declared).differences.length === 0
}

/**
 * Declares a queue and reads it back.
 *
 * @returns whether the broker has it as declared; false when another client has declared it differently
 */
export async function declareQueue(client: ManagementClient, amqp: Amqp, queue: Queue): Promise<boolean> {
  const { vhost, name } = queue
  try {
    await putQueue(client, amqp, queue)
  } catch (error) {
    const otherwise = error instanceof ManagementError && error.status === 400 && /inequivalent/.test(error.reason)
    if (!otherwise) throw error
  }
  return isAs(await readQueue(client, vhost, name), queue)
}

/**
 * Declares a queue that holds the messages of another one.
 *
 * @returns whether it is a holding queue; also true for one of an earlier version, which does not reject messages
 *   above its limit
 */
export async function declareHoldingQueue(
  client: ManagementClient,
  amqp: Amqp,
  from: Pick<Queue, 'vhost' | 'name'>,
): Promise<boolean> {
  const queue = holdingQueue(from)
  if (await declareQueue(client, amqp, queue)) return true
  const { 'x-overflow': _, ...before } = queue.arguments
  return isAs(await readQueue(client, queue.vhost, queue.name), { ...queue, arguments: before })
}

/** The outcome of a deletion. */
export type Deletion =
  | 'not-empty'
  /** `lost` messages had come after the queue was found empty. */
  | { readonly lost: number; readonly consumers: number }

/**
 * Deletes a queue without ready messages. The broker protects only classic queues (`if-empty`).
 *
 * @throws {AmqpError} when its content is unknown; it is not deleted then
 */
export async function deleteEmptyQueue(client: ManagementClient, amqp: Amqp, queue: Queue): Promise<Deletion> {
  const { vhost, name, type } = queue
  const ready = await lastLook(client, amqp, queue)
  if (ready === 'missing') return { lost: 0, consumers: 0 }
  if (ready.messages > 0) return 'not-empty'
  const options = type === 'classic' ? { ifEmpty: true } : {}
  try {
    const { messageCount } = await amqp.withChannel(vhost, `deleting ${address('queue', vhost, name)}`, (channel) =>
      channel.deleteQueue(name, options),
    )
    return { lost: messageCount, consumers: ready.consumers }
  } catch (error) {
    if (error instanceof AmqpError && error.replyCode === 406) return 'not-empty'
    // The answer was lost: checks whether the queue exists instead of deleting it again.
    if (error instanceof AmqpError && error.isDoubtful() && (await countReady(amqp, vhost, name)) === 'missing') {
      return { lost: 0, consumers: ready.consumers }
    }
    throw error
  }
}
