import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import { deletes } from '../../broker/management/writes.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { AmqpError } from '../../broker/amqp/connections/amqp-error.ts'
import { address } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import type { Impact } from '../../plan/change.ts'
import { exceedsApprovedImpact } from './exceeds-approved-impact.ts'
import { lastLook } from './last-look.ts'

/** Why a queue was not deleted: more is at risk than the plan named. */
export interface Exceeded {
  readonly reason: string
  readonly messages: number
}

/**
 * Deletes a queue right after a final check, which takes one or a few AMQP round trips. After this check, the broker
 * itself protects a classic queue. Quorum queues refuse `if-empty` and `if-unused`, and streams ignore them
 * (rabbit_quorum_queue, rabbit_stream_queue: delete).
 *
 * @returns why the queue still exists; undefined if it was deleted
 * @throws {AmqpError} when its content is unknown; it is not deleted then
 */
export async function deleteIfUnchanged(
  client: ManagementClient,
  amqp: Amqp,
  queue: Queue,
  impact: Impact | undefined,
): Promise<Exceeded | undefined> {
  const { vhost, name, type } = queue
  const ready = await lastLook(client, amqp, queue)
  if (ready === 'missing') return undefined
  const reason = exceedsApprovedImpact(impact, { ...ready, bindings: [] })
  if (reason !== undefined) return { reason, messages: ready.messages }
  const { messages = 0, consumers = 0 } = impact ?? {}
  if (type !== 'classic') {
    await deleteReplicated(client, amqp, queue)
    return undefined
  }
  try {
    await deletes.queue(client, vhost, name, { ifEmpty: messages === 0, ifUnused: consumers === 0 })
    return undefined
  } catch (error) {
    if (!(error instanceof ManagementError && error.isKept())) throw error
    const again = await lastLook(client, amqp, queue)
    return { reason: error.reason, messages: again === 'missing' ? 0 : again.messages }
  }
}

/**
 * Deletes a quorum queue or a stream over AMQP. If a request to the API ends early, for example because warren is
 * killed, it leaves a queue that is listed but has no running members (`write/put-queue.ts`).
 */
async function deleteReplicated(client: ManagementClient, amqp: Amqp, { vhost, name }: Queue): Promise<void> {
  try {
    await amqp.withChannel(vhost, `deleting ${address('queue', vhost, name)}`, (channel) => channel.deleteQueue(name))
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error
    if (error.isNotFound()) return
    // The API names the missing right.
    if (!error.isDoubtful()) return deletes.queue(client, vhost, name, {})
    // The answer was lost: checks whether the queue exists instead of deleting it again.
    if (await reads.hasQueue(client, vhost, name)) throw error
  }
}
