import { withoutMajority } from '../../broker/live/majority.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedQueueMembers } from '../../broker/management/answers/received.ts'

/** The text for a quorum queue that has lost the majority of its members; undefined if it has not. */
export function lostMajority(queue: ReceivedQueueMembers): string | undefined {
  const count = withoutMajority(queue)
  return count && `only ${count.online} of its ${count.members} members are online, which is not a majority`
}

/** Reads the current members of one queue, for the same text. */
export async function askMajority(client: ManagementClient, vhost: string, name: string): Promise<string | undefined> {
  return lostMajority(await reads.queueMembers(client, vhost, name))
}
