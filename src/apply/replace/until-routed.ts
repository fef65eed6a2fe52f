import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'

/**
 * In a cluster, a message that another node routed just before a binding was removed may arrive after that, in
 * milliseconds. On a single node none did in 87 trials.
 */
const ON_ITS_WAY = 1_000

/**
 * Waits until every message is in its queue that was routed before a binding was removed.
 *
 * @param since when the binding was removed, by `performance.now()`
 */
export async function untilRouted(client: ManagementClient, since: number, signal?: AbortSignal): Promise<void> {
  if (performance.now() >= since + ON_ITS_WAY || !(await isCluster(client))) return
  const left = since + ON_ITS_WAY - performance.now()
  if (left > 0) await sleep(left, undefined, { ...(signal && { signal }) })
}

/** A login that may not read the nodes is served as if there were several. */
async function isCluster(client: ManagementClient): Promise<boolean> {
  try {
    return (await reads.nodeNames(client)).length !== 1
  } catch {
    return true
  }
}
