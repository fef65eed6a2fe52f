import { beforeAll, describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { configuredNode } from '../support/brokers/configured-node.ts'
import type { ManagementApi } from '../support/brokers/management-api.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** The environments: `one` on the shared broker, `two` on its own broker, `down` without a broker. */
let two: Awaited<ReturnType<typeof configuredNode>>

beforeAll(async () => {
  two = await configuredNode({})
}, 180_000)

interface Repository {
  readonly folder: string
  /** The topology files in all environments. */
  readonly vhost: string
}

const DOCUMENTS = {
  // The first project, which refers to both others.
  audit:
    'exchanges: { orders: { external: true } }\nqueues: { trail: { type: classic, bindings: [{ exchange: orders }] } }',
  billing: 'exchanges: { orders: { type: fanout } }\nqueues: { bills: { type: classic } }',
  shipping:
    'exchanges: { orders: { external: true } }\nqueues: { parcels: { type: classic, bindings: [{ exchange: orders }] } }',
}

/** A repository with three projects that depend on each other. */
async function repository(changed: Partial<typeof DOCUMENTS> = {}, vhost?: string): Promise<Repository> {
  const shared = vhost ?? (await freshVhost())
  if (vhost === undefined) await two.api.put(['vhosts', shared], {})
  const documents = Object.entries({ ...DOCUMENTS, ...changed })
  const folder = await files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { ${documents.map(([name]) => `${name}: { paths: [${name}.yaml] }`).join(', ')} }
environments:
  one: { url: "\${env:ONE}", vhosts: { /shop: ${shared} } }
  two: { url: "\${env:TWO}", vhosts: { /shop: ${shared} } }
  asks: { url: "\${env:TWO}", vhosts: { /shop: ${shared} }, confirm: true }
  down: { url: "http://127.0.0.1:1" }
`,
    ...Object.fromEntries(
      documents.map(([name, text]) => [`${name}.yaml`, `warren: 1\nproject: ${name}\nvhost: /shop\n${text}\n`]),
    ),
  })
  return { folder, vhost: shared }
}

async function run(command: 'plan' | 'apply' | 'destroy', { folder }: Repository, ...args: readonly string[]) {
  const { username, password } = two.login
  const url = new URL(two.managementUrl)
  Object.assign(url, { username, password })
  const environment = { ONE: await managementUrl(), TWO: url.href }
  return warren([command, '--retries', '0', ...args], { folder, environment })
}

const queues = async (api: ManagementApi, { vhost }: Repository) =>
  ((await api.get(['queues', vhost])) as { name: string }[]).map(({ name }) => name).toSorted()
const inOne = async (of: Repository) => queues((await testBroker()).api, of)
const inTwo = async (of: Repository) => queues(two.api, of)

/** The last lines of the output: environment, project and exit code of each run. */
function tableIn(stdout: string): string[] {
  const lines = stdout.slice(stdout.lastIndexOf('\nEnvironment ')).trim().split('\n').slice(1)
  return lines.map((line) => line.split(/ {2,}/)).map((cells) => [cells[0], cells[1], cells.at(-1)].join(' '))
}

const ALL = ['bills', 'parcels', 'trail']

describe('an apply of several projects and environments', () => {
  it('creates in the order of the references, environment after environment, and ends with a table', async () => {
    const all = await repository()

    const { code, stdout } = await run('apply', all, '-y', '-e', 'one', '-e', 'two')

    expect(code).toBe(0)
    expect(tableIn(stdout)).toEqual(
      ['one', 'two'].flatMap((each) => [`${each} audit 0`, `${each} billing 0`, `${each} shipping 0`]),
    )
    expect([await inOne(all), await inTwo(all)]).toEqual([ALL, ALL])
    expect((await run('plan', all, '-e', 'one', '-e', 'two', '--detailed-exitcode')).code).toBe(0)
  })

  it('does not apply the next environment after a failure, unless --keep-going is given', async () => {
    const all = await repository()

    const stopped = await run('apply', all, '-y', '-e', 'down', '-e', 'one')
    expect(stopped.code).toBe(6)
    expect(tableIn(stopped.stdout)).toContain('one billing skipped')
    expect(await inOne(all)).toEqual([])

    const kept = await run('apply', all, '-y', '-e', 'down', '-e', 'one', '--keep-going')
    expect(kept.code).toBe(7)
    expect(tableIn(kept.stdout)).toEqual([
      ...['audit', 'billing', 'shipping'].map((each) => `down ${each} 6`),
      ...['audit', 'billing', 'shipping'].map((each) => `one ${each} 0`),
    ])
    expect(await inOne(all)).toEqual(ALL)
  })

  it('changes nothing in an environment with a blocked plan, until the dangerous change is allowed by its address', async () => {
    const all = await repository()
    await run('apply', all, '-y', '-e', 'one')
    const changed = await repository(
      {
        billing: DOCUMENTS.billing.replace('bills: { type: classic }', 'bills: { type: classic, maxLength: 5 }'),
        shipping: DOCUMENTS.shipping.replace('parcels: {', 'boxes: { type: classic }, parcels: {'),
      },
      all.vhost,
    )

    const blocked = await run('apply', changed, '-y', '-e', 'one')
    expect(blocked.code).toBe(4)
    expect(tableIn(blocked.stdout)).toEqual(['one audit skipped', 'one billing 4', 'one shipping skipped'])
    expect(await inOne(all)).toEqual(ALL)

    const allow = `replace=queue:${encodeURIComponent(all.vhost)}/bills`
    expect((await run('apply', changed, '-y', '-e', 'one', '--allow', allow)).code).toBe(0)
    expect(await inOne(all)).toEqual(['bills', 'boxes', 'parcels', 'trail'])
  })

  it('skips only what refers to a missing object with --keep-going', async () => {
    const all = await repository()
    const { api } = await testBroker()
    await api.put(['queues', all.vhost, 'bills'], { arguments: { 'x-max-length': 1 } })

    const { code, stdout } = await run('apply', all, '-y', '-e', 'one', '--keep-going')

    expect(code).toBe(7)
    expect(tableIn(stdout)).toEqual(['one audit 7', 'one billing 4', 'one shipping 7'])
    expect(await inOne(all)).toEqual(ALL)
    expect(stdout).toMatch(/skipped.*exchange:\S+\/orders/)
  })

  it('does nothing and ends with 5 when the plans have another digest', async () => {
    const all = await repository()
    const { stdout } = await run('plan', all, '-e', 'one', '-e', 'two')
    const [, digest = ''] = /^Digest {3}([0-9a-f]{64}) of all runs$/m.exec(stdout) ?? []
    await two.api.put(['queues', all.vhost, 'bills'], {})

    const stale = await run('apply', all, '-y', '-e', 'one', '-e', 'two', '--expect-digest', digest)
    expect(stale.code).toBe(5)
    expect(await inOne(all)).toEqual([])

    await two.api.delete(['queues', all.vhost, 'bills'])
    expect((await run('apply', all, '-y', '-e', 'one', '-e', 'two', '--expect-digest', digest)).code).toBe(0)
  })

  it('recreates objects that were deleted manually', async () => {
    const all = await repository()
    await run('apply', all, '-y', '-e', 'one')
    await (await testBroker()).api.delete(['exchanges', all.vhost, 'orders'])

    expect((await run('apply', all, '-y', '-e', 'one')).code).toBe(0)
    expect((await run('plan', all, '-e', 'one', '--detailed-exitcode')).code).toBe(0)
  })

  it('deletes in reverse, so that a binding of another project is not in the way of its exchange', async () => {
    const all = await repository()
    await run('apply', all, '-y', '-e', 'one')
    const without = await repository(
      {
        audit: 'queues: { kept: { type: classic } }',
        billing: 'queues: { bills: { type: classic } }',
        shipping: 'queues: { left: { type: classic } }',
      },
      all.vhost,
    )

    const { code } = await run('apply', without, '-y', '-e', 'one', '--prune', '--max-deletes', '100%')

    expect(code).toBe(0)
    expect(await inOne(all)).toEqual(['bills', 'kept', 'left'])
  })

  it('creates exchanges and queues first where projects refer to each other in a cycle', async () => {
    const all = await repository({
      audit:
        'exchanges: { log: { type: fanout }, orders: { external: true } }\nqueues: { trail: { type: classic, bindings: [{ exchange: orders }] } }',
      billing:
        'exchanges: { orders: { type: fanout }, log: { external: true } }\nqueues: { bills: { type: classic, bindings: [{ exchange: log }] } }',
    })

    expect((await run('apply', all, '-y', '-e', 'one')).code).toBe(0)
    expect((await run('plan', all, '-e', 'one', '--detailed-exitcode')).code).toBe(0)
  })

  it('asks for the name of every environment that requires it, before anything is changed in another one', async () => {
    const all = await repository()

    const asked = await run('apply', all, '-y', '-e', 'one', '-e', 'asks')
    expect(asked.code).toBe(8)
    expect(await inOne(all)).toEqual([])

    expect((await run('apply', all, '-y', '-e', 'one', '-e', 'asks', '--confirm', 'asks')).code).toBe(0)
  })

  it('changes nothing without a terminal or --auto-approve', async () => {
    const all = await repository()

    expect((await run('apply', all, '-e', 'one')).code).toBe(8)
    expect(await inOne(all)).toEqual([])
  })
})

describe('a destroy of several projects', () => {
  it('requires the name of every project, and deletes in the reverse order of the references', async () => {
    const all = await repository()
    await run('apply', all, '-y', '-e', 'one')

    const unnamed = await run('destroy', all, '-e', 'one', '--confirm', 'billing', '--confirm', 'audit')
    expect(unnamed.code).toBe(8)
    expect(unnamed.stderr).toContain('--confirm shipping')
    expect(await inOne(all)).toEqual(ALL)

    const names = ['billing', 'audit', 'shipping'].flatMap((each) => ['--confirm', each])
    expect((await run('destroy', all, '-e', 'one', ...names)).code).toBe(0)
    expect(await inOne(all)).toEqual([])
  })
})
