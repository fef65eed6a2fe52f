import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lockName } from '../../../src/model/generated-names.ts'
import { amqpUrl, freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, startWarren } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

/** A project with two tenants, of which one has been removed from the files. */
interface Tenants {
  readonly kept: string
  readonly removed: string
  readonly project: string
  readonly folder: string
  /** Runs a command on the files without the removed tenant. */
  readonly run: (...args: readonly string[]) => ReturnType<typeof warren>
  /** Whether the vhost of the removed tenant exists, and its queues and exchanges. */
  readonly left: () => Promise<{ readonly vhost: boolean; readonly names: readonly string[] }>
  /** The number of objects that each project has recorded in the removed vhost. */
  readonly owned: (project?: string) => Promise<number>
}

/** @param queue properties of the queue `orders` of the removed tenant */
async function tenants(queue = '{ type: classic }'): Promise<Tenants> {
  const { api } = await testBroker()
  const [kept, removed, project] = [await freshVhost(), freshName('tenant'), freshName('project')]
  onTestFinished(() => api.delete(['vhosts', removed]))
  const text = (vhost: string, orders: string) =>
    `warren: 1\nproject: ${project}\nvhost: ${vhost}\nexchanges:\n  events: { type: topic }\n` +
    `queues:\n  orders: ${orders}\n`
  const folder = await files({
    'all/kept.yaml': text(kept, '{ type: classic }'),
    'all/removed.yaml': text(`{ name: ${removed} }`, queue),
  })
  expect(await warren(['apply', '-y', 'all'], { folder })).toMatchObject({ code: 0 })
  return {
    kept,
    removed,
    project,
    folder,
    run: (...args) => warren([...args, 'all/kept.yaml'], { folder }),
    left: async () => ({
      vhost: (await api.get(['vhosts', removed])) !== undefined,
      names: (
        await Promise.all(
          ['queues', 'exchanges'].map(async (kind) => (await api.get<{ name: string }[]>([kind, removed])) ?? []),
        )
      )
        .flat()
        .flatMap(({ name }) => (/^(amq\..*|warren\.lock\..*|)$/.test(name) ? [] : [name])),
    }),
    owned: async (owner = project) => {
      const { stdout } = await warren(['owners', '--format', 'json'], { folder })
      const { owners } = JSON.parse(stdout) as { owners: { project: string; vhosts: string[] }[] }
      return owners.filter((each) => each.project === owner && each.vhosts.includes(removed)).length
    },
  }
}

const ALL = { vhost: true, names: ['orders', 'events'] }
const GONE = { vhost: false, names: [] }

describe('a prune and the vhost of a removed tenant', () => {
  it('lists the vhost and touches nothing there without a permission that names it', async () => {
    const { removed, run, left, owned } = await tenants()

    expect(await run('plan', '--prune')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Elsewhere  ${removed}: 3 owned`),
    })
    expect(await run('apply', '-y', '--prune')).toMatchObject({ code: 0 })
    expect(await run('apply', '-y', '--allow', `delete=vhost:${removed}`)).toMatchObject({ code: 0 })
    expect(await left()).toEqual(ALL)
    expect(await owned()).toBe(3)
  })

  it('deletes what the project owns there, the vhost and the record if the permission names it', async () => {
    const { kept, removed, folder, run, left, owned } = await tenants()
    const allow = ['--prune', '--allow', `delete=vhost:${removed}`]

    const plan = await run('plan', ...allow, '--out', 'plan.json')
    expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('3 to delete') })
    expect(plan.stdout).not.toContain('Elsewhere')
    expect(await left()).toEqual(ALL)
    expect(await warren(['apply', '-y', 'plan.json'], { folder })).toMatchObject({ code: 0 })
    expect(await left()).toEqual(GONE)
    expect(await owned()).toBe(0)
    const { api } = await testBroker()
    expect(await api.get(['queues', kept, 'orders'])).toBeDefined()
  })

  it('is blocked there by protection and by messages, and then deletes nothing', async () => {
    const { api } = await testBroker()
    const guarded = await tenants('{ type: classic, protect: true }')
    const filled = await tenants()
    const message = { routing_key: 'orders', payload: 'm', payload_encoding: 'string', properties: {} }
    await api.post(['exchanges', filled.removed, 'amq.default', 'publish'], message)

    for (const [{ removed, run, left }, words] of [
      [guarded, 'protect'],
      [filled, '1 message'],
    ] as const) {
      expect(await run('apply', '-y', '--prune', '--allow', `delete=vhost:${removed}`)).toMatchObject({
        code: 4,
        stdout: expect.stringContaining(words),
      })
      expect(await left()).toEqual(ALL)
    }
    const { removed, run, left } = filled
    const both = ['--allow', `delete=vhost:${removed}`, '--allow', `delete=queue:${removed}/orders`]
    expect(await run('apply', '-y', '--prune', ...both)).toMatchObject({ code: 0 })
    expect(await left()).toEqual(GONE)
  })

  it('is blocked by an object without an owner, and deletes the rest if it excludes the vhost', async () => {
    const { removed, run, left, owned } = await tenants()
    const { api } = await testBroker()
    await api.put(['queues', removed, 'stray'], { durable: true })
    const allow = ['--prune', '--allow', `delete=vhost:${removed}`]

    expect(await run('apply', '-y', ...allow)).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`queue:${removed}/stray (not owned by any project)`),
    })
    expect((await left()).names).toContain('orders')
    expect(await run('apply', '-y', ...allow, '--exclude', `vhost:${removed}`)).toMatchObject({ code: 0 })
    expect(await left()).toEqual({ vhost: true, names: ['stray'] })
    expect(await owned()).toBe(1)
  })

  it('keeps the vhost for another project, whose objects and record do not change', async () => {
    const { removed, run, left, owned } = await tenants()
    const other = freshName('project')
    const text = `warren: 1\nproject: ${other}\nvhost: ${removed}\nqueues:\n  theirs: { type: classic }\n`
    const folder = await files({ 'theirs.yaml': text })
    expect(await warren(['apply', '-y', 'theirs.yaml'], { folder })).toMatchObject({ code: 0 })

    expect(await run('apply', '-y', '--prune', '--allow', `delete=vhost:${removed}`)).toMatchObject({ code: 0 })
    expect(await left()).toEqual({ vhost: true, names: ['theirs'] })
    expect(await owned(other)).toBe(1)
    expect(await owned()).toBe(1)
  })

  it('waits for another run of the project in that vhost', async () => {
    const { removed, project, run, left } = await tenants()
    const connection = await connect(await amqpUrl(removed))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    await channel.assertQueue(lockName(project), { exclusive: true })

    expect(await run('apply', '-y', '--prune', '--allow', `delete=vhost:${removed}`)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`is under way in vhost "${removed}"`),
    })
    expect(await left()).toEqual(ALL)
    expect(await run('apply', '-y')).toMatchObject({ code: 0 })
  })

  it.each([
    ['an exchange', (removed: string) => `/api/exchanges/${removed}/`],
    ['the vhost', (removed: string) => `/api/vhosts/${removed}`],
    ['the record', () => '/api/global-parameters/'],
  ])('finishes in a second run when the first was killed before it deleted %s', async (_what, pathOf) => {
    const { removed, folder, run, left, owned } = await tenants()
    const allow = ['--prune', '--allow', `delete=vhost:${removed}`]
    const running: { kill?: () => void } = {}
    await using proxy = await faultProxy((_count, { method, path }) => {
      if (method !== 'DELETE' || !path.startsWith(pathOf(removed))) return undefined
      running.kill?.()
      return 'swallows the request'
    })
    const child = await startWarren(['apply', '-y', ...allow, 'all/kept.yaml'], {
      folder,
      environment: { WARREN_URL: proxy.url },
    })
    running.kill = () => child.kill('SIGKILL')
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
    expect(await owned()).toBe(3)

    const again = await until(async () => {
      const ended = await run('apply', '-y', ...allow)
      return !ended.stderr.includes('another apply') && ended
    }, 'the lock to be free')
    expect(again).toMatchObject({ code: 0 })
    expect(await left()).toEqual(GONE)
    expect(await owned()).toBe(0)
  })
})
