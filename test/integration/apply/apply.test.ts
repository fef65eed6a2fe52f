import { describe, expect, it, onTestFinished } from 'vitest'
import { countOutcomes } from '../../../src/apply/report.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { converge, pending, planLive, withClient } from '../support/converge.ts'

/** A user with a unique name, which is deleted after the test. */
async function freshUserName(): Promise<string> {
  const { api } = await testBroker()
  const name = freshName('user')
  onTestFinished(() => api.delete(['users', name]))
  return name
}

const HOSTILE_NAMES = [
  'a/b',
  'a%2Fb',
  'a b',
  '~',
  '#',
  '*.#',
  '@home',
  '"quoted"',
  "it's",
  'ünïcode ✓ 兔',
  '__proto__',
  'null',
  '+',
  '?x=1&y',
  'x'.repeat(255),
  'é'.repeat(127),
]

describe('an apply', () => {
  it('creates every kind of object, after which a second plan is empty', async () => {
    const name = await freshVhost()
    const login = await freshUserName()
    const at = { vhost: name }
    const desired: Topology = topology({
      vhosts: [vhost(name, { claimed: true, description: 'a test', tags: ['a', 'b'], limits: { maxQueues: 50 } })],
      exchanges: [
        exchange('direct', at),
        exchange('fanout', { ...at, type: 'fanout', durable: false }),
        exchange('topic', { ...at, type: 'topic', arguments: { 'alternate-exchange': 'fanout' } }),
        exchange('headers', { ...at, type: 'headers', internal: true }),
        exchange('gone soon', { ...at, autoDelete: true }),
      ],
      queues: [
        queue('classic', {
          ...at,
          arguments: { 'x-max-priority': 5, 'x-message-ttl': 60_000, 'x-single-active-consumer': true },
        }),
        queue('quorum', {
          ...at,
          type: 'quorum',
          arguments: {
            'x-delivery-limit': 10,
            'x-dead-letter-exchange': 'direct',
            'x-dead-letter-routing-key': 'dead',
            'x-dead-letter-strategy': 'at-least-once',
            'x-overflow': 'reject-publish',
          },
        }),
        queue('stream', {
          ...at,
          type: 'stream',
          arguments: { 'x-max-age': '7D', 'x-max-length-bytes': 1_000_000_000 },
        }),
        queue('own argument', {
          ...at,
          arguments: { 'x-of-mine': { list: [1, 'two', true], table: { deep: 'yes' } } },
        }),
      ],
      bindings: [
        binding('direct', 'classic', { ...at, routingKey: 'dead' }),
        binding('topic', 'quorum', { ...at, routingKey: 'a.#' }),
        binding('topic', 'quorum', { ...at, routingKey: '' }),
        binding('topic', 'fanout', { ...at, routingKey: '*.b', destinationType: 'exchange' }),
        binding('headers', 'stream', { ...at, arguments: { 'x-match': 'any', kind: 'pdf', pages: 3, urgent: true } }),
        binding('headers', 'stream', { ...at, arguments: { 'x-match': 'any', kind: 'png' } }),
      ],
      users: [
        user(login, {
          credential: {
            kind: 'password',
            secret: new Secret('päss ✓ "word"'),
            written: { location: { file: 'f', line: 1, column: 1 } },
          },
          tags: ['management'],
          limits: { maxConnections: 3, maxChannels: 7 },
        }),
      ],
      permissions: [permission(login, { ...at, read: '^quorum$', write: '^(direct|topic)$' })],
      topicPermissions: [{ ...at, user: login, exchange: 'topic', write: '^a\\.', read: '' }],
    })

    await withClient(async (client) => {
      const { report } = await converge(client, desired)

      expect(report.outcomes.filter(({ status }) => status !== 'done')).toEqual([])
      expect(await pending(client, desired)).toEqual([])
    })
  })

  it('supports names of every kind with / % ~ @ # spaces, quotes, unicode and 255 bytes', async () => {
    const name = `${await freshVhost()}/ü %2F"`
    const { api } = await testBroker()
    onTestFinished(() => api.delete(['vhosts', name]))
    const at = { vhost: name }
    const login = `${await freshUserName()}/"ü %`
    onTestFinished(() => api.delete(['users', login]))
    const desired = topology({
      vhosts: [vhost(name)],
      exchanges: HOSTILE_NAMES.map((each) => exchange(each, { ...at, type: 'topic' })),
      queues: HOSTILE_NAMES.map((each) => queue(each, at)),
      bindings: HOSTILE_NAMES.flatMap((each) => [
        binding(each, each, { ...at, routingKey: each }),
        binding(each, each, {
          ...at,
          routingKey: each,
          arguments: { [each === '__proto__' ? 'proto' : each.slice(0, 100)]: each },
        }),
      ]),
      users: [user(login)],
      permissions: [permission(login, { ...at, read: '^a/b$' })],
      topicPermissions: HOSTILE_NAMES.map((each) => ({ ...at, user: login, exchange: each, write: '', read: '^x$' })),
    })

    await withClient(async (client) => {
      const { report } = await converge(client, desired)

      expect(report.outcomes.filter(({ status }) => status !== 'done')).toEqual([])
      expect(await pending(client, desired)).toEqual([])
    })
  })

  it('reverts exactly the manual changes', async () => {
    const name = await freshVhost()
    const login = await freshUserName()
    const { api } = await testBroker()
    const at = { vhost: name }
    const desired = topology({
      vhosts: [vhost(name)],
      exchanges: [exchange('x', at)],
      queues: [queue('q', at), queue('r', at)],
      bindings: [binding('x', 'q', { ...at, routingKey: 'k' }), binding('x', 'r', { ...at, routingKey: 'k' })],
      users: [user(login)],
      permissions: [permission(login, { ...at, read: '^q$' })],
    })

    await withClient(async (client) => {
      await converge(client, desired)

      await api.delete(['queues', name, 'q'])
      expect(await pending(client, desired)).toEqual([`create queue:${name}/q`, `create binding:${name}/x/queue/q/k`])
      await converge(client, desired)

      await api.delete(['bindings', name, 'e', 'x', 'q', 'r', 'k'])
      expect(await pending(client, desired)).toEqual([`create binding:${name}/x/queue/r/k`])
      await converge(client, desired)

      await api.put(['permissions', name, login], { configure: '', write: '', read: '.*' })
      expect(await pending(client, desired)).toEqual([`update permission:${name}/${login}`])
      await converge(client, desired)

      expect(await pending(client, desired)).toEqual([])
    })
  })

  it('rotates a password, and keeps the login working when only tags change', async () => {
    const login = await freshUserName()
    const written = { location: { file: 'f', line: 1, column: 1 } }
    const desired = (password: string, tags: string[]) =>
      topology({
        vhosts: [],
        users: [user(login, { tags, credential: { kind: 'password', secret: new Secret(password), written } })],
      })
    const worksWith = (password: string) =>
      withClient((client) => planLive(client, topology({ vhosts: [] })), { username: login, password }).then(
        () => true,
        () => false,
      )

    await withClient(async (client) => {
      await converge(client, desired('first', ['management']))
      expect(await worksWith('first')).toBe(true)

      const { api } = await testBroker()
      const before = await api.get<{ password_hash: string }>(['users', login])
      await converge(client, desired('first', ['management', 'extra']))
      const after = await api.get<{ password_hash: string }>(['users', login])
      expect(after?.password_hash).toBe(before?.password_hash)
      expect(await worksWith('first')).toBe(true)

      await converge(client, desired('second', ['management']))
      expect([await worksWith('first'), await worksWith('second')]).toEqual([false, true])
      expect(await pending(client, desired('second', ['management']))).toEqual([])
    })
  })

  it('creates a user without a declared password who cannot log in by password', async () => {
    const login = await freshUserName()
    const { api } = await testBroker()

    await withClient((client) => converge(client, topology({ vhosts: [], users: [user(login)] })))

    expect(await api.get(['users', login])).toMatchObject({ password_hash: '', tags: [] })
  })

  it('removes a limit that is no longer declared', async () => {
    const name = await freshVhost()
    const login = await freshUserName()
    const desired = (limits: object) =>
      topology({ vhosts: [vhost(name, { claimed: true, limits })], users: [user(login, { limits })] })

    await withClient(async (client) => {
      await converge(client, desired({ maxConnections: 5 }))
      expect(await pending(client, desired({ maxConnections: 5 }))).toEqual([])
      expect(await pending(client, desired({}))).toEqual([`update vhost:${name}`, `update user:${login}`])

      await converge(client, desired({}))

      expect(await pending(client, desired({}))).toEqual([])
      expect(await pending(client, desired({ maxConnections: 5 }))).toEqual([
        `update vhost:${name}`,
        `update user:${login}`,
      ])
    })
  })

  it("reports refusals in the broker's own words, skips dependent changes and does the rest", async () => {
    const name = await freshVhost()
    const at = { vhost: name }
    const desired = topology({
      vhosts: [vhost(name)],
      exchanges: [exchange('good', at)],
      queues: [queue('q', at), queue('bad', { ...at, type: 'mine' })],
      bindings: [binding('good', 'q', at), binding('good', 'bad', at)],
    })

    await withClient(async (client) => {
      const { report } = await converge(client, desired)

      expect(countOutcomes(report)).toEqual({ done: 3, failed: 1, skipped: 1, stale: 0, kept: 0, interrupted: 0 })
      expect(report.outcomes).toContainEqual({
        address: `binding:${name}/good/queue/bad/`,
        action: 'create',
        status: 'skipped',
        because: `queue:${name}/bad`,
      })
      expect(report.outcomes).toContainEqual(
        expect.objectContaining({
          address: `queue:${name}/bad`,
          status: 'failed',
          reason: expect.stringContaining('x-queue-type'),
        }),
      )
    })
  })

  it('does not report success if the broker accepts a queue but keeps its old arguments', async () => {
    const name = await freshVhost()
    const { api } = await testBroker()
    const desired = topology({
      vhosts: [vhost(name)],
      queues: [queue('q', { vhost: name, arguments: { 'x-of-mine': 2 } })],
    })

    await withClient(async (client) => {
      const plan = await planLive(client, desired)
      await api.put(['queues', name, 'q'], { durable: true, arguments: { 'x-queue-type': 'classic', 'x-of-mine': 1 } })
      const { applyPlan } = await import('../../../src/apply/apply-plan.ts')
      const report = await applyPlan(client, plan, { parallelism: 1 })

      expect(report.outcomes).toEqual([
        {
          address: `queue:${name}/q`,
          action: 'create',
          status: 'failed',
          code: 'NOT_VERIFIED',
          reason: 'the broker accepted it, but kept its old value: arguments.x-of-mine is 1',
          maybeDone: true,
        },
      ])
    })
  })

  it('reads a few new objects among many existing ones one by one, and lists none of the existing ones', async () => {
    const name = await freshVhost()
    const { api } = await testBroker()
    const at = { vhost: name }
    const many = Array.from({ length: 100 }, (_, number) => queue(`q${number}`, at))
    const few = {
      exchanges: [exchange('a/b', at)],
      queues: [queue('new %', at), queue('kept', { ...at, arguments: { 'x-of-mine': 2 } })],
      bindings: [
        binding('a/b', 'new %', { ...at, routingKey: 'one' }),
        binding('a/b', 'new %', { ...at, routingKey: 'two', arguments: { a: [1, { b: 'c' }] } }),
      ],
    }
    const desired = topology({ vhosts: [vhost(name)], ...few, queues: [...many, ...few.queues] })

    await withClient(async (client) => {
      await converge(client, topology({ vhosts: [vhost(name)], queues: many }))
      const plan = await planLive(client, desired)
      await api.put(['queues', name, 'kept'], {
        durable: true,
        arguments: { 'x-queue-type': 'classic', 'x-of-mine': 1 },
      })
      const before = client.requestCounts()['GET'] ?? 0
      const { applyPlan } = await import('../../../src/apply/apply-plan.ts')
      const report = await applyPlan(client, plan, { parallelism: 4 })

      const wrong = report.outcomes.filter(({ status }) => status !== 'done')
      expect(countOutcomes(report).done).toBe(4)
      expect(wrong).toEqual([
        {
          address: `queue:${name}/kept`,
          action: 'create',
          status: 'failed',
          code: 'NOT_VERIFIED',
          reason: 'the broker accepted it, but kept its old value: arguments.x-of-mine is 1',
          maybeDone: true,
        },
      ])
      // One read for the exchange, for each queue and for the bindings to one of them, and three more for the changed
      // objects.
      expect((client.requestCounts()['GET'] ?? 0) - before).toBe(7)
    })
  })

  it('reports that it could not write a secret, without the new or the old value', async () => {
    const name = await freshVhost()
    const { api } = await testBroker()
    const tables = [{ 'x-of-mine': 'new-s3cret' }, { 'x-of-mine': 4_711 }, { 'x-max-length': 12 }]
    const desired = topology({
      vhosts: [vhost(name)],
      queues: tables.map((table, at) => queue(`q${at}`, { vhost: name, arguments: table })),
    })
    const old = [{ 'x-of-mine': 'old-s3cret' }, { 'x-of-mine': 7_777 }, { 'x-max-length': 78 }]

    await withClient(async (client) => {
      for (const text of ['4711', '12', 'new-s3cret']) client.secrets.addDeclared(text)
      const plan = await planLive(client, desired)
      for (const [at, table] of old.entries()) {
        await api.put(['queues', name, `q${at}`], { durable: true, arguments: { 'x-queue-type': 'classic', ...table } })
      }
      const { applyPlan } = await import('../../../src/apply/apply-plan.ts')
      const { outcomes } = await applyPlan(client, plan, { parallelism: 1 })

      expect(outcomes.map((each) => each.status === 'failed' && each.reason)).toEqual([
        'the broker accepted it, but kept its old value: arguments.x-of-mine',
        'the broker accepted it, but kept its old value: arguments.x-of-mine',
        "400 the broker's reason is not shown, because the refused value contains a secret",
      ])
    })
  })

  it('starts nothing after it was asked to stop, and lists the changes that were not started', async () => {
    const name = await freshVhost()
    const desired = topology({ vhosts: [vhost(name)], queues: [queue('q', { vhost: name })] })

    await withClient(async (client) => {
      const { applyPlan } = await import('../../../src/apply/apply-plan.ts')
      const report = await applyPlan(client, await planLive(client, desired), {
        parallelism: 1,
        signal: AbortSignal.abort(),
      })

      expect(report).toMatchObject({ interrupted: true, outcomes: [{ status: 'interrupted' }] })
      expect(await pending(client, desired)).toEqual([`create queue:${name}/q`])
    })
  })

  it('ignores an exclusive queue', async () => {
    const name = await freshVhost()
    const { connect } = await import('amqplib')
    const { amqpUrl } = await import('../support/brokers/broker.ts')
    const connection = await connect(await amqpUrl(name))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    await channel.assertQueue('mine', { exclusive: true })
    const desired = topology({ vhosts: [vhost(name)], queues: [queue('mine', { vhost: name })] })

    await withClient(async (client) => {
      expect((await planLive(client, desired)).blocks).toEqual([
        { reason: 'untouchable', address: `queue:${name}/mine` },
      ])
    })
  })

  it('plans with as many requests for a thousand objects as for ten', async () => {
    const name = await freshVhost()
    const desired = (size: number) =>
      topology({
        vhosts: [vhost(name)],
        queues: Array.from({ length: size }, (_, at) => queue(`q${at}`, { vhost: name })),
      })
    const requestsFor = (size: number) =>
      withClient(async (client) => {
        await converge(client, desired(size))
        const before = client.requestCounts()['GET'] ?? 0
        await planLive(client, desired(size))
        return (client.requestCounts()['GET'] ?? 0) - before
      })

    const requests = await requestsFor(10)

    expect(requests).toBeLessThanOrEqual(13)
    expect(await requestsFor(1_000)).toBe(requests)
  })
})
