import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { waitForBroker } from '../../broker/management/wait-for-broker.ts'
import type { BrokerOptions } from './options.ts'

/**
 * Waits until the broker answers, and checks that it is the intended one.
 *
 * @throws {UnreachableError} when it does not answer in time
 * @throws {WarrenError} `WRONG_BROKER` when its cluster has another name
 */
export async function reachBroker(
  client: ManagementClient,
  { wait = 0, cluster }: Pick<BrokerOptions, 'wait' | 'cluster'>,
): Promise<void> {
  await waitForBroker(client, wait)
  await requireCluster(client, cluster)
}

/** @throws {WarrenError} `WRONG_BROKER` when the cluster of the broker has another name */
export async function requireCluster(client: ManagementClient, cluster: string | undefined): Promise<void> {
  if (cluster === undefined) return
  const { cluster_name: found } = await reads.overview(client)
  if (found === cluster) return
  const name = found === undefined ? 'reports no cluster name' : `is the cluster ${JSON.stringify(found)}`
  throw new WarrenError(`${client.url} ${name}, and ${JSON.stringify(cluster)} is expected: nothing was done`, {
    code: 'WRONG_BROKER',
    hint: 'correct the URL, or "cluster" of the environment in the config',
  })
}
