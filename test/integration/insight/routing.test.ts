import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayBe } from '../../../src/insight/routing/reach.ts'
import { mayConsume, mayPublish, type RightsOf } from '../../../src/insight/routing/rights.ts'
import { VhostModel } from '../../../src/insight/routing/vhost-model.ts'
import { FeatureCounts, featuresOfRoute } from '../../builders/routing/features.ts'
import {
  arbitraryRouting,
  type Published,
  published,
  QUEUES,
  type RoutedTopology,
  withNames,
} from '../../builders/routing/topologies.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { inRoutedVhost, type RoutedVhost } from '../support/routed-messages.ts'

const { seed, numRuns, timeout } = propertyRuns(3)
/** The number of messages for each topology. */
const MESSAGES = 20
/** The number of concurrent topologies. */
const AT_ONCE = 10

/** Messages that are published to a topology one after the other. */
interface Case {
  readonly topology: RoutedTopology
  readonly messages: readonly Published[]
}

describe(`the routing model against the broker (seed ${seed})`, () => {
  it('names the queues that a message reaches, and what its publisher may do', { timeout }, async () => {
    const { version, api } = await testBroker()
    const overview = await api.get<{ exchange_types: { name: string }[] }>(['overview'])
    const offered = overview?.exchange_types.map(({ name }) => name) ?? []
    const arbitraryCase: fc.Arbitrary<Case> = fc.record({
      topology: arbitraryRouting(OF_PLUGINS.filter((type) => offered.includes(type))),
      messages: fc.array(published, { minLength: MESSAGES, maxLength: MESSAGES }),
    })
    const counts = new FeatureCounts()
    const differences: object[] = []
    const cases = fc.sample(arbitraryCase, { seed, numRuns })
    for (let start = 0; start < numRuns; start += AT_ONCE) {
      const some = cases.slice(start, start + AT_ONCE)
      const found = await Promise.all(
        some.map((each) => inRoutedVhost(each.topology, (vhost) => differencesIn(each, vhost, version, counts))),
      )
      differences.push(...found.flat())
    }
    if (numRuns > AT_ONCE)
      process.stdout.write(`\nMessages by what decided about them (seed ${seed}):\n${counts.text()}`)
    expect(differences).toEqual([])
  })
})

/** Types of exchanges that plugins of the test broker, or later versions, offer. */
const OF_PLUGINS = ['x-consistent-hash', 'x-modulus-hash', 'x-recent-history', 'x-random', 'x-local-random']

async function differencesIn(
  { topology, messages }: Case,
  vhost: RoutedVhost,
  version: string,
  counts: FeatureCounts,
): Promise<readonly object[]> {
  const model = new VhostModel(topology, version)
  const rights = rightsIn(vhost, topology)
  const named = messages.map((each) => withNames(each, vhost))
  const observed = messages.map(() => new Set<string>())
  const answers: string[] = []
  for (const [at, each] of named.entries()) answers.push(await vhost.publish(each, String(at)))
  for (const [queue, ids] of await vhost.drain(QUEUES)) for (const id of ids) observed[Number(id)]?.add(queue)

  const differences: object[] = []
  for (const [at, each] of named.entries()) {
    const target = model.exchange(each.exchange) ?? { name: '', type: 'direct' }
    const right = mayPublish(rights, target, model.keysOf(each.message), version)
    const reach = model.route(each.exchange, each.message)
    const [seen, answer] = [observed[at] ?? new Set<string>(), answers[at]]
    const isSame =
      right === 'allowed'
        ? mayBe(reach, seen) && answer === (seen.size === 0 ? 'returned' : 'confirmed')
        : right === 'refused' && answer === 'forbidden' && seen.size === 0
    counts.add(right === 'allowed' ? featuresOfRoute(model, each) : [])
    counts.add(featuresOfRight(rights, target, right))
    if (!isSame) differences.push({ ...each, topology, right, expected: reach, seen: [...seen].toSorted(), answer })
  }
  for (const queue of QUEUES) {
    const [expected, seen] = [mayConsume(rights, queue), (await vhost.mayConsume(queue)) ? 'allowed' : 'refused']
    if (expected !== seen) differences.push({ queue, rights, expected, seen })
  }
  return differences
}

function rightsIn({ vhost, username: user }: RoutedVhost, { rights }: RoutedTopology): RightsOf {
  const at = { vhost, user }
  const { write = '.*', read = '.*', topics = [] } = rights ?? {}
  return {
    ...at,
    permission: { ...at, configure: '', write, read },
    topicPermissions: topics.map((each) => ({ ...at, ...each, read: '' })),
  }
}

function featuresOfRight(rights: RightsOf, { name, type }: { name: string; type: string }, right: string): string[] {
  const isByTopic = type === 'topic' && rights.topicPermissions.some(({ exchange }) => exchange === name)
  return [`publishing ${right}${isByTopic ? ', with a topic permission' : ''}`]
}
