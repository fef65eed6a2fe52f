import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { address } from '../../../src/model/address.ts'
import type { Arguments } from '../../../src/model/arguments.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { isAtLeast, isWithin } from '../../../src/model/broker-version.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'
import { expanded } from '../../desired/expand/declared.ts'
import { amqpUrl, freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { converge, pending, planLive, withClient } from '../support/converge.ts'

// Tests on the broker of the run which values the broker treats as equal or different.

async function applied(desired: Topology): Promise<void> {
  const { report } = await withClient((client) => converge(client, desired))
  expect(report.outcomes.filter(({ status }) => status !== 'done')).toEqual([])
}

const left = (desired: Topology): Promise<string[]> => withClient((client) => pending(client, desired))
const planned = (desired: Topology) => withClient((client) => planLive(client, desired))

/** A topology of a fresh vhost. */
async function inFreshVhost(objects: (at: { readonly vhost: string }) => Partial<Topology>) {
  const at = { vhost: await freshVhost() }
  return { ...at, desired: topology({ vhosts: [vhost(at.vhost)], ...objects(at) }) }
}

async function freshUserName(): Promise<string> {
  const { api } = await testBroker()
  const name = freshName('user')
  onTestFinished(() => api.delete(['users', name]))
  return name
}

/** The version from which a broker changes the default queue type of an existing vhost. */
const QUEUE_TYPE_CHANGES_SINCE = '3.11.17'

describe('a plan without changes', () => {
  it('finds no difference in queues when the default queue type of their vhost changes', async () => {
    const { version } = await testBroker()
    const name = await freshVhost()
    const { type: _none, ...untyped } = queue('untyped', { vhost: name })
    const withDefault = (defaultQueueType: string) =>
      topology({
        vhosts: [vhost(name, { claimed: true, defaultQueueType })],
        queues: [untyped, queue('classic', { vhost: name })],
      })
    const { api } = await testBroker()
    await api.delete(['vhosts', name])
    await applied(withDefault('classic'))

    const plan = await planned(withDefault('quorum'))

    expect(plan.changes.map(({ action, address }) => `${action} ${address}`)).toEqual([`update vhost:${name}`])
    const fixed = !isAtLeast(version, QUEUE_TYPE_CHANGES_SINCE)
    const what = { kind: 'default-queue-type-fixed', since: QUEUE_TYPE_CHANGES_SINCE }
    expect(plan.blocks).toEqual(fixed ? [{ reason: 'unsupported', address: `vhost:${name}`, what }] : [])
    const wanted = withDefault(fixed ? 'classic' : 'quorum')
    await applied(wanted)
    expect(await left(wanted)).toEqual([])
  })

  it('finds no difference in an argument that is 5000 on the broker and 5e3 in the file', async () => {
    const name = await freshVhost()
    const written = (number: number) =>
      expanded({ queues: { q: { type: 'classic', arguments: { 'x-message-ttl': number } } } }).topology.queues
    const desired = topology({
      vhosts: [vhost(name)],
      queues: written(5e3).map((each) => ({ ...each, vhost: name })),
    })
    const { api } = await testBroker()
    await api.put(['queues', name, 'q'], {
      durable: true,
      arguments: { 'x-queue-type': 'classic', 'x-message-ttl': 5000 },
    })

    expect(await left(desired)).toEqual([])
  })

  it('finds no difference in integers of any width that clients of AMQP declared', async () => {
    const { connect } = await import('amqplib')
    const { amqpUrl } = await import('../support/brokers/broker.ts')
    const name = await freshVhost()
    const connection = await connect(await amqpUrl(name))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    const table = {
      'x-queue-type': 'classic',
      'x-message-ttl': { '!': 'short', value: 5000 },
      'x-max-length': { '!': 'int64', value: 7 },
    }
    await channel.assertQueue('q', { durable: true, arguments: table })

    expect(
      await left(
        topology({
          vhosts: [vhost(name)],
          queues: [queue('q', { vhost: name, arguments: { 'x-message-ttl': 5000, 'x-max-length': 7 } })],
        }),
      ),
    ).toEqual([])
  })

  it('finds no difference in a headers binding with lists and tables', async () => {
    const table: Arguments = {
      'x-match': 'all',
      list: [1, 'two', [true, 4]],
      empty: [],
      nested: { a: { b: [1] }, z: 1 },
    }
    const { desired } = await inFreshVhost((at) => ({
      exchanges: [exchange('h', { ...at, type: 'headers' })],
      queues: [queue('q', at)],
      bindings: [binding('h', 'q', { ...at, arguments: table })],
    }))
    await applied(desired)

    expect(await left(desired)).toEqual([])
  })

  it('finds no difference in bindings between one pair that differ only in their arguments', async () => {
    const tables: Arguments[] = [{}, { n: 1 }, { n: '1' }, { n: true }, { n: [1] }, { n: 1, m: 1 }, { m: 1 }]
    const { vhost: name, desired } = await inFreshVhost((at) => ({
      exchanges: [exchange('h', { ...at, type: 'headers' })],
      queues: [queue('q', at)],
      bindings: tables.map((table) => binding('h', 'q', { ...at, routingKey: 'k', arguments: table })),
    }))
    await applied(desired)
    expect(await left(desired)).toEqual([])

    const { api } = await testBroker()
    const path = ['bindings', name, 'e', 'h', 'q', 'q']
    const live = (await api.get<{ arguments: Arguments; properties_key: string }[]>(path)) ?? []
    expect(live).toHaveLength(tables.length)
    const text = live.find((each) => each.arguments['n'] === '1')
    await api.delete([...path, text?.properties_key ?? ''])

    expect(await left(desired)).toEqual([`create binding:${name}/h/queue/q/k/%7B%22n%22:%221%22%7D`])
  })

  it('finds no difference in routing keys that are ~, empty, with %, with spaces and of 255 bytes', async () => {
    const keys = ['~', '', '%', '%7E', '%2F/', 'a b', '#', '*.é', 'null', 'x'.repeat(255)]
    const { desired } = await inFreshVhost((at) => ({
      exchanges: [exchange('x', { ...at, type: 'topic' }), exchange('y', at)],
      queues: [queue('q', at)],
      bindings: keys.flatMap((routingKey) => [
        binding('x', 'q', { ...at, routingKey }),
        binding('x', 'y', { ...at, routingKey, destinationType: 'exchange' }),
        binding('x', 'q', { ...at, routingKey, arguments: { n: 1 } }),
      ]),
    }))
    await applied(desired)

    expect(await left(desired)).toEqual([])
  })

  it('finds no difference in exchanges of every type that the broker offers, plugins included, and their bindings', async () => {
    const { api } = await testBroker()
    const overview = await api.get<{ exchange_types: { name: string }[] }>(['overview'])
    // Federation itself creates exchanges of its type, and they cannot be declared in another way.
    const types = (overview?.exchange_types ?? [])
      .map(({ name }) => name)
      .filter((type) => !type.includes('federation'))
    const own: Readonly<Record<string, { table: Arguments; routingKey: string }>> = {
      'x-consistent-hash': { table: { 'hash-header': 'h' }, routingKey: '3' },
      'x-local-random': { table: {}, routingKey: '' },
    }
    const { desired } = await inFreshVhost((at) => ({
      queues: [queue('q', at)],
      exchanges: types.map((type) => exchange(type, { ...at, type, arguments: own[type]?.table ?? {} })),
      bindings: types.map((type) => binding(type, 'q', { ...at, routingKey: own[type]?.routingKey ?? 'k' })),
    }))

    await applied(desired)

    expect(types).toEqual(expect.arrayContaining(['direct', 'fanout', 'headers', 'topic']))
    expect(await left(desired)).toEqual([])
  })

  it('finds no difference in an internal exchange, which messages still reach through another one', async () => {
    const { vhost: name, desired } = await inFreshVhost((at) => ({
      exchanges: [exchange('in', at), exchange('hidden', { ...at, type: 'fanout', internal: true })],
      queues: [queue('q', at)],
      bindings: [
        binding('in', 'hidden', { ...at, routingKey: 'k', destinationType: 'exchange' }),
        binding('hidden', 'q', at),
      ],
    }))
    await applied(desired)
    expect(await left(desired)).toEqual([])

    const { api } = await testBroker()
    const message = { properties: {}, routing_key: 'k', payload: 'x', payload_encoding: 'string' }
    expect(await api.post(['exchanges', name, 'in', 'publish'], message)).toEqual({ routed: true })
  })

  it('ignores the undeclared rights that a vhost gives to the login that created it', async () => {
    const { api, username } = await testBroker()
    const name = freshName('vhost')
    onTestFinished(() => api.delete(['vhosts', name]))
    const login = await freshUserName()
    const desired = topology({
      vhosts: [vhost(name)],
      queues: [queue('q', { vhost: name })],
      users: [user(login)],
      permissions: [permission(login, { vhost: name, read: '^q$' })],
    })
    await applied(desired)

    expect(await planned(desired)).toMatchObject({ changes: [], blocks: [], undeclared: 0 })
    expect(await api.get(['permissions', name, username])).toMatchObject({ configure: '.*', write: '.*', read: '.*' })
  })
})

describe('a plan with changes', () => {
  it('finds a difference in an argument that is a string in the file and an integer on the broker', async () => {
    const { vhost: name, desired } = await inFreshVhost((at) => ({
      queues: [queue('q', { ...at, arguments: { 'x-of-mine': 5000 } })],
    }))
    await applied(desired)
    const text = { ...desired, queues: [queue('q', { vhost: name, arguments: { 'x-of-mine': '5000' } })] }

    expect((await planned(text)).changes).toMatchObject([
      { action: 'replace', differences: [{ property: 'arguments.x-of-mine', before: 5000, after: '5000' }] },
    ])
  })

  it('finds a difference in a policy that was changed manually, and reverts it', async () => {
    const definition = { 'max-length': 10, overflow: 'reject-publish' }
    const { vhost: name, desired } = await inFreshVhost((at) => ({
      policies: [{ ...at, name: 'p', pattern: '^q', applyTo: 'queues', priority: 1, definition }],
    }))
    await applied(desired)
    const { api } = await testBroker()
    await api.put(['policies', name, 'p'], { pattern: '^q', 'apply-to': 'queues', definition: { 'max-length': 11 } })

    expect((await planned(desired)).changes).toMatchObject([
      {
        action: 'update',
        address: `policy:${name}/p`,
        differences: [
          { property: 'priority', before: 0, after: 1 },
          { property: 'definition.max-length', before: 11, after: 10 },
          { property: 'definition.overflow', after: 'reject-publish' },
        ],
      },
    ])
    await applied(desired)
    expect(await left(desired)).toEqual([])
  })

  it('creates an operator policy, or says that the broker forbids it', async () => {
    const { api } = await testBroker()
    const { vhost: name, desired } = await inFreshVhost((at) => ({
      operatorPolicies: [
        { ...at, name: 'o', pattern: '', applyTo: 'queues', priority: 0, definition: { 'max-length': 10 } },
      ],
    }))
    const overview = await api.get<{ is_op_policy_updating_enabled?: boolean }>(['overview'])
    const forbidden = overview?.is_op_policy_updating_enabled === false
    const address = `operator-policy:${name}/o`

    const plan = await planned(desired)

    expect(plan.changes).toMatchObject([{ action: 'create', address }])
    const what = { kind: 'operator-policies-forbidden' }
    expect(plan.blocks).toEqual(forbidden ? [{ reason: 'unsupported', address, what }] : [])
    if (!forbidden) await applied(desired)
    expect(await left(desired)).toEqual(forbidden ? [`create ${address}`] : [])
  })

  it('creates a permission with more than 1,024 bytes, or says that the broker refuses it', async () => {
    const { version } = await testBroker()
    const login = await freshUserName()
    const atLimit = `^${'a'.repeat(1_023)}`
    const within = (read: string) =>
      inFreshVhost((at) => ({ users: [user(login)], permissions: [permission(login, { ...at, read })] }))
    const fits = await within(atLimit)
    await applied(fits.desired)
    expect(await left(fits.desired)).toEqual([])

    const { vhost: name, desired } = await within(`${atLimit}a`)

    const refused = isWithin(version, [{ since: '4.2.8', until: '4.3.0' }, { since: '4.3.2' }])
    const address = `permission:${name}/${login}`
    const what = { kind: 'expression-too-long', property: 'read', bytes: 1_025, limit: 1_024 }
    expect((await planned(desired)).blocks).toEqual(refused ? [{ reason: 'unsupported', address, what }] : [])
    if (!refused) await applied(desired)
    expect(await left(desired)).toEqual(refused ? [`create ${address}`] : [])
  })

  it('creates a stream with the longest possible name of its folder, and says that a longer one would not work', async () => {
    const { version } = await testBroker()
    const inCharacters = isAtLeast(version, '4.0.0')
    const named = (name: string) => inFreshVhost((at) => ({ queues: [queue(name, { ...at, type: 'stream' })] }))
    const room = 234 - (await named('s')).vhost.length
    // The broker accepts names of 255 bytes: some of these characters have two.
    const wide = inCharacters ? 40 : 0
    const longest = 'ü'.repeat(wide) + 's'.repeat(room - wide)
    const fits = await named(longest)
    await applied(fits.desired)
    expect(await left(fits.desired)).toEqual([])
    const connection = await connect(await amqpUrl(fits.vhost))
    onTestFinished(() => connection.close())
    const channel = await connection.createConfirmChannel()
    channel.sendToQueue(longest, Buffer.from('kept'))
    await channel.waitForConfirms()

    const { vhost: name, desired } = await named(`${longest}s`)

    const what = { kind: 'stream-name-too-long', length: 235, unit: inCharacters ? 'characters' : 'bytes', limit: 234 }
    const at = address('queue', name, `${longest}s`)
    expect((await planned(desired)).blocks).toEqual([{ reason: 'unsupported', address: at, what }])
  })
})
