import { drift, type ManagementConnection } from 'warren'

/** Lists the differences between the files and the broker, one line for each change that an apply would make. */
export async function findDrift(connection: ManagementConnection, vhost: string): Promise<string[]> {
  const { plan } = await drift({
    paths: ['topology.yaml'],
    vhosts: { shop: vhost },
    connection,
    wait: 60_000,
    prune: true,
  })
  return plan.changes.map(({ action, address }) => `${action} ${address}`)
}
