import { beforeAll, describe, expect, it, vi } from 'vitest'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Topology, User } from '../../../src/model/topology.ts'
import { policy, queue, topology, user } from '../../builders/objects.ts'
import { answerTo } from '../support/answer-to.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { type OwnNode, ownNode } from '../support/brokers/own-node.ts'

const { version, origin } = await testBroker()

/** The first version whose configuration can deny deprecated features, and the first that names them. */
const DENIES_SINCE = '3.13.0'
const TELLS_SINCE = '4.1.0'
/** The first version whose configuration can forbid operator policies. */
const FORBIDS_SINCE = '3.11.9'

/** The first version that protects users with a tag. */
const PROTECTS_SINCE = '4.2.0'

const protects = isAtLeast(version, PROTECTS_SINCE)
const denies = isAtLeast(version, DENIES_SINCE)
const tells = isAtLeast(version, TELLS_SINCE)
const forbids = isAtLeast(version, FORBIDS_SINCE)

/** A node reports its plugins only some seconds after it has started. */
async function toldPlugins({ api }: OwnNode): Promise<void> {
  const hasPlugins = async () => {
    const nodes = await api.get<{ enabled_plugins?: string[] }[]>(['nodes'])
    return nodes?.[0]?.enabled_plugins !== undefined
  }
  await vi.waitUntil(hasPlugins, { timeout: 120_000, interval: 500 })
}

// A broker from the environment or in a container has another configuration, and then the test starts no node.
describe.runIf(origin === 'node')('a node without plugins and with the strictest configuration', () => {
  let node: OwnNode
  beforeAll(async () => {
    node = await ownNode({
      configuration: [
        ...(denies ? ['deprecated_features.permit.transient_nonexcl_queues = false'] : []),
        ...(denies ? ['deprecated_features.permit.queue_master_locator = false'] : []),
        ...(forbids ? ['management.restrictions.operator_policy_changes.disabled = true'] : []),
      ],
    })
    await toldPlugins(node)
    await node.api.put(['users', 'planner'], { password: 'sesame', tags: 'management' })
    await node.api.put(['permissions', '/', 'planner'], { configure: '.*', write: '.*', read: '.*' })
  })

  async function reasons(desired: Partial<Topology>, login?: { username: string; password: string }) {
    const { blocks } = await node.plan(topology(desired), login)
    return blocks.map((block) => (block.reason === 'unsupported' ? block.what : block.reason))
  }

  it.each([
    [
      'a transient queue',
      { queues: [queue('q', { durable: false })] },
      { kind: 'feature-denied', feature: 'transient_nonexcl_queues', needs: 'durable: false' },
      ['queues', '/', 'q'],
      { durable: false, arguments: { 'x-queue-type': 'classic' } },
    ],
    [
      'a queue with x-queue-master-locator',
      { queues: [queue('q', { arguments: { 'x-queue-master-locator': 'client-local' } })] },
      { kind: 'feature-denied', feature: 'queue_master_locator', needs: 'x-queue-master-locator' },
      ['queues', '/', 'q'],
      { durable: true, arguments: { 'x-queue-type': 'classic', 'x-queue-master-locator': 'client-local' } },
    ],
    [
      'a policy with queue-master-locator',
      { policies: [policy('p', { definition: { 'queue-master-locator': 'client-local' } })] },
      { kind: 'feature-denied', feature: 'queue_master_locator', needs: 'queue-master-locator' },
      ['policies', '/', 'p'],
      { pattern: '', definition: { 'queue-master-locator': 'client-local' } },
    ],
  ])('refuses %s, and the plan already does so if the broker reports it', async (_, desired, what, path, body) => {
    const planner = { username: 'planner', password: 'sesame' }
    expect(await reasons(desired)).toEqual(tells ? [what] : [])
    expect(await reasons(desired, planner)).toEqual(tells ? [what] : [])

    expect(await answerTo(() => node.api.put(path, body))).toBe(denies ? '400' : 'taken')
    await node.api.delete(path)
  })

  it('refuses operator policies, and the plan says so', async () => {
    const desired = { operatorPolicies: [policy('o', { applyTo: 'queues', definition: { 'max-length': 5 } })] }
    expect(await reasons(desired)).toEqual(forbids ? [{ kind: 'operator-policies-forbidden' }] : [])

    const path = ['operator-policies', '/', 'o']
    const body = { pattern: '', 'apply-to': 'queues', definition: { 'max-length': 5 } }

    expect(await answerTo(() => node.api.put(path, body))).toBe(forbids ? '405' : 'taken')
    if (!forbids) await node.api.delete(path)
  })

  it('refuses to change a user that it protects, and the plan says so', async () => {
    const written = { location: { file: 'f', line: 1, column: 1 } }
    const credential = (text: string) => ({ kind: 'password' as const, secret: new Secret(text), written })
    await node.api.put(['users', 'guarded'], { password: 'sesame', tags: 'protected' })
    const guarded = (properties: Partial<User>) => ({
      users: [user('guarded', { tags: ['protected'], ...properties })],
    })
    const blocked = protects ? [{ kind: 'user-protected' }] : []

    expect(await reasons(guarded({ tags: ['management'] }))).toEqual(blocked)
    expect(await reasons(guarded({ credential: credential('another') }))).toEqual(blocked)
    expect(await reasons(guarded({ credential: credential('sesame') }))).toEqual([])
    expect(await reasons(guarded({ limits: { maxChannels: 5 } }))).toEqual([])

    const change = { password: 'another', tags: 'management' }
    expect(await answerTo(() => node.api.put(['users', 'guarded'], change))).toBe(protects ? '400' : 'taken')
    expect(await answerTo(() => node.api.put(['user-limits', 'guarded', 'max-channels'], { value: 5 }))).toBe('taken')
  })

  it('refuses features of missing plugins, and the plan says so', async () => {
    const parameter = (component: string) => ({ vhost: '/', component, name: 'f', value: {} })
    const key = { 'federation-upstream-set': 'all' }
    expect(await reasons({ parameters: [parameter('shovel')] })).toMatchObject([{ kind: 'plugin-missing' }])
    expect(await reasons({ parameters: [parameter('federation-upstream')] })).toMatchObject([
      { kind: 'plugin-missing' },
    ])
    expect(await reasons({ policies: [policy('p', { definition: key })] })).toMatchObject([
      { kind: 'policy-key-of-plugin', plugin: 'rabbitmq_federation' },
    ])

    expect(await reasons({ parameters: [parameter('shovell')] })).toEqual([
      { kind: 'component-unknown', component: 'shovell' },
    ])

    expect(await answerTo(() => node.api.put(['parameters', 'shovel', '/', 'f'], { value: {} }))).toBe('400')
    expect(await answerTo(() => node.api.put(['parameters', 'shovell', '/', 'f'], { value: {} }))).toBe('400')
    expect(await answerTo(() => node.api.put(['policies', '/', 'p'], { pattern: '', definition: key }))).toBe('400')
  })
})

describe.runIf(origin === 'node')('a node with plugins that depend on others', () => {
  it('has the features of plugins that other enabled plugins require', async () => {
    const node = await ownNode({ plugins: ['rabbitmq_shovel_management', 'rabbitmq_federation_management'] })
    await toldPlugins(node)
    const value = { 'src-uri': 'amqp://', 'src-queue': 'from', 'dest-uri': 'amqp://', 'dest-queue': 'to' }
    const key = { 'federation-upstream-set': 'all' }
    const desired = topology({
      parameters: [{ vhost: '/', component: 'shovel', name: 's', value }],
      policies: [policy('p', { pattern: '^nothing$', applyTo: 'exchanges', definition: key })],
    })

    expect((await node.plan(desired)).blocks).toEqual([])

    await node.api.put(['parameters', 'shovel', '/', 's'], { value })
    await node.api.put(['policies', '/', 'p'], { pattern: '^nothing$', 'apply-to': 'exchanges', definition: key })
    expect((await node.plan(desired)).changes).toEqual([])
  })
})
