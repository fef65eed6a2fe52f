import { isUntouchable } from '../live/read-live.ts'
import type { ManagementClient } from '../management/client.ts'
import { reads } from '../management/reads.ts'
import { deletes } from '../management/writes.ts'
import type { Amqp } from '../messages/amqp.ts'
import type { DeleteChange } from '../plan/plan.ts'
import { countQueues, requireCounted } from './count-queues.ts'
import { exceedsStake, StaleError } from './exceeds-stake.ts'

/**
 * Deletes a virtual host, with what others have in it, when that is no more than the plan named.
 *
 * @param onDelete told its name right before
 * @throws {StaleError} when the queues of others hold more
 * @throws {AmqpError} when nobody can say what one of them holds
 */
export async function deleteVhost(
  client: ManagementClient,
  amqp: Amqp | undefined,
  { before: { name }, stake }: Extract<DeleteChange, { kind: 'vhost' }>,
  onDelete: (name: string) => void,
): Promise<void> {
  if (amqp === undefined) throw new Error('a plan without AMQP deletes no virtual host')
  const names = (await reads.queues(client, name)).filter((each) => !isUntouchable(each)).map((each) => each.name)
  const since = performance.now()
  const counts = [...(await countQueues({ amqp, client, vhost: name, names, since })).values()].map(requireCounted)
  const reason = exceedsStake(stake, {
    messages: counts.reduce((sum, { messages }) => sum + messages, 0),
    consumers: counts.reduce((sum, { consumers }) => sum + consumers, 0),
    bindings: [],
  })
  if (reason !== undefined) throw new StaleError(reason)
  onDelete(name)
  await deletes.vhost(client, name)
}
