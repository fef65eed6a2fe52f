import { isPending, type ManagementConnection, plan } from 'warren'

/** Lists what differs between the files and the broker, one line for each change that an apply would make. */
export async function findDrift(connection: ManagementConnection, vhost: string): Promise<string[]> {
  const { plan: drift } = await plan({
    paths: ['topology.yaml'],
    vhosts: { shop: vhost },
    connection,
    wait: 60_000,
    prune: true,
  })
  if (!isPending(drift)) return []
  return drift.changes.map(({ action, address }) => `${action} ${address}`)
}
