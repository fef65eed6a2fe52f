import type { ReceivedNodeHealth } from '../../broker/management/answers/received.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { NodeState } from '../../plan/planned-topology.ts'

/** Reads the state of the nodes, for the preflight of a migration; undefined if the login may not read it. */
export async function readNodeStates(client: ManagementClient): Promise<readonly NodeState[] | undefined> {
  try {
    return (await reads.nodeHealth(client)).map(nodeState)
  } catch (error) {
    if (error instanceof ManagementError && error.isRefused()) return undefined
    throw error
  }
}

function nodeState({
  name,
  running,
  partitions,
  mem_alarm: memory,
  disk_free_alarm: disk,
  ...rest
}: ReceivedNodeHealth): NodeState {
  const { disk_free: free, disk_free_limit: limit = 0 } = rest
  return {
    name,
    runs: running !== false,
    lost: (partitions ?? []).length > 0,
    alarms: [...(memory === true ? (['memory'] as const) : []), ...(disk === true ? (['disk'] as const) : [])],
    ...(free !== undefined && { room: Math.max(0, free - limit) }),
  }
}
