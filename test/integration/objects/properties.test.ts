import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Topology } from '../../../src/model/topology.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { brokerTopology } from '../../builders/arbitrary/arbitrary-broker.ts'
import { freshName, testBroker } from '../support/brokers/broker.ts'
import { converge, pending, withClient } from '../support/converge.ts'
import { placed, reachable } from '../support/placed.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'

const { seed, numRuns, timeout } = propertyRuns(10)
/** The broker never forgets the names of global parameters, so a run uses only a few. */
const PARAMETERS = freshName('parameter')

/** Provides a vhost, and a prefix for broker-wide objects, for this case only, and removes everything. */
async function inPlaceOfItsOwn(topologies: readonly Topology[], work: (placed: readonly Topology[]) => Promise<void>) {
  const { api } = await testBroker()
  const vhost = freshName('vhost')
  const here = topologies.map((each) => placed(each, vhost, `${vhost}-`, `${PARAMETERS}-`))
  try {
    await work(here)
  } finally {
    await api.delete(['vhosts', vhost])
    const names = (pick: (any: Topology) => readonly { name: string }[]) => [
      ...new Set(here.flatMap(pick).map(({ name }) => name)),
    ]
    for (const name of names(({ users }) => users)) await api.delete(['users', name])
    for (const name of names(({ globalParameters }) => globalParameters)) await api.delete(['global-parameters', name])
  }
}

/** Applies topologies one after the other, and reports the differences. */
async function complaints(topologies: readonly Topology[]): Promise<unknown[]> {
  return withClient(async (client) => {
    const found: unknown[] = []
    for (const desired of topologies) {
      const { plan, report } = await converge(client, desired)
      found.push(...plan.blocks, ...report.outcomes.filter(({ status }) => status !== 'done'))
      found.push(...(await pending(client, desired)))
    }
    return found
  })
}

beforeAll(async () => {
  const { version } = await testBroker()
  process.stdout.write(
    `Random topologies on RabbitMQ ${version}: WARREN_PROPERTY_RUNS=${numRuns} WARREN_PROPERTY_SEED=${seed}\n`,
  )
})

describe('on a real broker', () => {
  it('any applied topology is in sync afterwards', { timeout }, async () => {
    const { version } = await testBroker()
    await fc.assert(
      fc.asyncProperty(brokerTopology(version), (any) =>
        inPlaceOfItsOwn([any], async (topologies) => expect(await complaints(topologies)).toEqual([])),
      ),
      { seed, numRuns },
    )
  })

  it('any topology can be changed into any other, except for deletes', { timeout }, async () => {
    const { version } = await testBroker()
    const topologies = brokerTopology(version)
    const fixedQueueType = !isAtLeast(version, '3.11.17')
    await fc.assert(
      fc.asyncProperty(topologies, topologies, (one, other) =>
        inPlaceOfItsOwn([one, reachable(one, other, fixedQueueType)], async (topologies) =>
          expect(await complaints(topologies)).toEqual([]),
        ),
      ),
      { seed, numRuns },
    )
  })
})
