import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readSnapshot } from '../../../src/broker/snapshot/read-snapshot.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { exportSnapshot } from '../../../src/operations/insight/export.ts'
import { brokerTopology } from '../../builders/arbitrary/arbitrary-broker.ts'
import { freshName, testBroker } from '../support/brokers/broker.ts'
import { converge, withClient } from '../support/converge.ts'
import { placed } from '../support/placed.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'

const { seed, numRuns, timeout } = propertyRuns(25)
/** The broker never forgets the names of global parameters, so a run uses only a few. */
const PARAMETERS = freshName('parameter')

/** Applies a topology in its own vhost, and removes all of it afterwards. */
async function applied<T>(any: Topology, work: (vhost: string) => Promise<T>): Promise<T> {
  const { api } = await testBroker()
  const vhost = freshName('vhost')
  const here = placed(any, vhost, `${vhost}-`, `${PARAMETERS}-`)
  try {
    await withClient((client) => converge(client, here))
    return await work(vhost)
  } finally {
    await api.delete(['vhosts', vhost])
    for (const { name } of here.users) await api.delete(['users', name])
    for (const { name } of here.globalParameters) await api.delete(['global-parameters', name])
  }
}

it('any topology that was applied is exported into files whose plan is empty', { timeout }, async () => {
  const { version } = await testBroker()
  process.stdout.write(
    `Random exports on RabbitMQ ${version}: WARREN_PROPERTY_RUNS=${numRuns} WARREN_PROPERTY_SEED=${seed}\n`,
  )
  await fc.assert(
    fc.asyncProperty(brokerTopology(version), (any) =>
      applied(any, async (vhost) => {
        const snapshot = await withClient((client) => readSnapshot(client, { vhosts: [vhost] }))
        const { verification, topologies } = await exportSnapshot(snapshot, { includeTransient: true })
        expect(verification.differences).toEqual([])
        expect(topologies.length).toBeGreaterThan(0)
      }),
    ),
    { seed, numRuns },
  )
})
