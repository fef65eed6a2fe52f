import type { ManagementClient } from '../../broker/management/client.ts'
import { orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { address } from '../../model/address.ts'
import type { Queue } from '../../model/topology.ts'
import type { QueueCount } from '../../plan/planned-topology.ts'
import { type LoweredLimit, losesMessages } from '../../plan/policies/lowered-limits.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'

/**
 * Counts the messages in queues that a policy change is about to limit, and describes what would be dropped;
 * undefined if nothing would.
 *
 * @param policy its address
 * @param amqp if absent, the totals of the API are used, as in the plan
 */
export async function droppedNow(
  client: ManagementClient,
  amqp: Amqp | undefined,
  lowered: readonly LoweredLimit[],
  policy: string,
): Promise<string | undefined> {
  for (const each of lowered.filter(({ by }) => by.includes(policy))) {
    const { queue, key, limit } = each
    const count = await countOne(client, amqp, queue)
    if (count === undefined || count.messages === 0) continue
    if (!losesMessages(each, count, key === 'max-length-bytes' ? await bytesOf(client, queue) : undefined)) continue
    const messages = `${count.messages} ${count.messages === 1 ? 'message waits' : 'messages wait'}`
    return `${messages} in ${address('queue', queue.vhost, queue.name)}, and by ${key}: ${limit} the broker would drop some, which the plan did not name`
  }
  return undefined
}

async function countOne(
  client: ManagementClient,
  amqp: Amqp | undefined,
  { vhost, name }: Queue,
): Promise<QueueCount | undefined> {
  if (amqp !== undefined) {
    const count = (await countQueues({ amqp, client, vhost, names: [name] })).get(name)
    return count && requireCounted(count)
  }
  const found = (await reads.queueTotals(client, vhost)).find((each) => each.name === name)
  return found && { messages: found.messages ?? 0, consumers: 0 }
}

function bytesOf(client: ManagementClient, { vhost, name }: Queue): Promise<number | undefined> {
  return orIfMissing(reads.queueBytes(client, vhost, name), undefined)
}
