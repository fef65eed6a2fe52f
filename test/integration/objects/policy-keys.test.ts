import { expect, it } from 'vitest'
import { QUEUE_TYPES } from '../../../src/model/broker-tables/queue-arguments.ts'
import { keysNotFor } from '../../../src/model/policies/policy-keys.ts'
import { policy, topology, vhost } from '../../builders/objects.ts'
import { answerTo } from '../support/answer-to.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { planLive, withClient } from '../support/converge.ts'
import { until } from '../support/until.ts'

/** Every key that a version knows, with a value that it accepts. */
const KEYS: Readonly<Record<string, string | number>> = {
  'alternate-exchange': 'x',
  'consumer-disconnected-timeout': 5_000,
  'consumer-timeout': 100_000,
  'dead-letter-exchange': 'x',
  'dead-letter-routing-key': 'x',
  'dead-letter-strategy': 'at-most-once',
  'delayed-retry-min': 1_000,
  'delivery-limit': 5,
  expires: 3_600_000,
  'federation-upstream-set': 'all',
  'ha-mode': 'all',
  'initial-cluster-size': 1,
  'max-age': '1D',
  'max-in-memory-length': 5,
  'max-length': 5,
  'max-length-bytes': 5,
  'message-ttl': 5,
  overflow: 'drop-head',
  'queue-leader-locator': 'balanced',
  'queue-master-locator': 'client-local',
  'queue-mode': 'lazy',
  'queue-version': 2,
  'shards-per-node': 2,
  'stream-filter-size-bytes': 32,
  'stream-max-segment-size-bytes': 1_000_000,
  'target-group-size': 3,
}

it.each([
  ['policy', 'policies', 'policies'],
  ['policy of operators', 'operator-policies', 'operatorPolicies'],
] as const)('a plan accepts exactly the keys that the broker accepts in a %s', async (_, path, section) => {
  const { api } = await testBroker()
  const name = await freshVhost()
  const plannedAs: Record<string, string> = {}
  const takenAs: Record<string, string> = {}
  for (const [key, value] of Object.entries(KEYS)) {
    const each = policy('p', { vhost: name, pattern: '^nothing$', definition: { [key]: value } })
    const desired = topology({ vhosts: [vhost(name)], [section]: [each] })
    const { blocks } = await withClient((client) => planLive(client, desired))
    plannedAs[key] = blocks.length === 0 ? 'taken' : '400'
    const body = { pattern: '^nothing$', 'apply-to': 'all', definition: { [key]: value } }
    takenAs[key] = await answerTo(() => api.put([path, name, 'p'], body))
  }

  expect(plannedAs).toEqual(takenAs)
})

it('the broker keeps policies from the types of queues that the table names', async () => {
  const { api, version } = await testBroker()
  const name = await freshVhost()
  const taken: [string, string][] = []
  for (const [key, value] of Object.entries(KEYS)) {
    const pattern = `^${key}\\.`
    const body = { pattern, 'apply-to': 'queues', definition: { [key]: value } }
    if ((await answerTo(() => api.put(['policies', name, key], body))) === 'taken') taken.push([key, pattern])
  }
  const queues = taken.flatMap(([key]) => QUEUE_TYPES.map((type) => ({ key, type, queue: `${key}.${type}` })))
  for (const { type, queue } of queues) {
    await api.put(['queues', name, queue], { durable: true, arguments: { 'x-queue-type': type } })
  }
  const expected = queues
    .filter(({ key, type }) => keysNotFor(type, { [key]: KEYS[key] }, version).length === 0)
    .map(({ queue }) => queue)

  const holding = await until(
    async () => {
      const live = (await api.get<readonly { name: string; policy?: string | null }[]>(['queues', name])) ?? []
      const held = live.filter(({ policy: by }) => typeof by === 'string' && by !== '').map((each) => each.name)
      return held.length === expected.length && held.toSorted()
    },
    `policies to hold for ${expected.join(', ')}`,
  )

  expect(holding).toEqual(expected.toSorted())
})
