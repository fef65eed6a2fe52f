import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedQueueMembers } from '../../broker/management/answers/received.ts'

/**
 * Says that a quorum queue has lost the majority of its members; undefined when it has not. RabbitMQ 3.10 answers 204 to a
 * delete of such a queue, and reports its state as `running`.
 */
export function lostMajority({ state, members, online }: ReceivedQueueMembers): string | undefined {
  const all = members?.length ?? 0
  const up = online?.length ?? 0
  const isLost = state === 'minority' || (all > 0 && Array.isArray(online) && 2 * up <= all)
  return isLost ? `only ${up} of its ${all} members are online, which is not a majority` : undefined
}

/** The same of one queue as it is at this moment. */
export async function askMajority(client: ManagementClient, vhost: string, name: string): Promise<string | undefined> {
  return lostMajority(await reads.queueMembers(client, vhost, name))
}
