import { apply, destroy, formatReport, isComplete, type ManagementConnection } from 'warren'

/** Runs a test with the topology in another virtual host, and deletes the topology afterwards. */
export async function withTopology(
  connection: ManagementConnection,
  vhost: string,
  test: () => Promise<void>,
): Promise<void> {
  const options = { paths: ['topology.yaml'], vhosts: { shop: vhost }, connection }
  const applied = await apply(options)
  if (applied.report === undefined || !isComplete(applied.report)) throw new Error(formatReport(applied))
  try {
    await test()
  } finally {
    const queues = applied.plan.changes.filter(({ kind }) => kind === 'queue')
    await destroy({ ...options, allowDelete: queues.map(({ address }) => address) })
  }
}
