import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** A repository with two projects in two environments, one of which asks for its name as confirmation. */
async function repository() {
  const [test, prod] = [await freshVhost(), await freshVhost()]
  const folder = await files({
    '.git/HEAD': '',
    'warren.config.yaml': `warrenConfig: 1
projects: { "bill/ing": { paths: [billing.yaml] }, shipping: { paths: [shipping.yaml] } }
environments:
  test: { url: "\${env:BROKER}", vhosts: { /shop: ${test} } }
  prod: { url: "\${env:BROKER}", vhosts: { /shop: ${prod} }, confirm: true }
`,
    'billing.yaml': 'warren: 1\nproject: bill/ing\nvhost: /shop\nqueues: { bills: { type: classic } }\n',
    'shipping.yaml': 'warren: 1\nproject: shipping\nvhost: /shop\nqueues: { parcels: { type: classic } }\n',
  })
  const environment = { BROKER: await managementUrl() }
  const run = (...args: readonly string[]) => warren(args, { folder, environment })
  return { folder, test, prod, run }
}

async function queuesIn(vhost: string): Promise<string[]> {
  const { api } = await testBroker()
  return ((await api.get(['queues', vhost])) as { name: string }[]).map(({ name }) => name).toSorted()
}

async function indexOf(folder: string): Promise<{ digest: string; plans: { file: string }[] }> {
  return JSON.parse(await readFile(join(folder, 'plans/index.json'), 'utf8'))
}

describe('the saved plans of several runs', () => {
  it('have percent-encoded names, and an index with order, environments, digests and the digest of all', async () => {
    const { folder, run } = await repository()
    const planned = await run('plan', '-e', 'test', '-e', 'prod', '--out', 'plans')

    expect(planned.code).toBe(0)
    const names = ['1-test-bill%2Fing.json', '2-test-shipping.json', '3-prod-bill%2Fing.json', '4-prod-shipping.json']
    expect((await readdir(join(folder, 'plans'))).toSorted()).toEqual([...names, 'index.json'])
    const index = await indexOf(folder)
    expect(index.plans.map(({ file }) => file)).toEqual(names)
    expect(index.plans[2]).toMatchObject({ environment: 'prod', project: 'bill/ing' })
    expect(planned.stdout).toContain(`Digest   ${index.digest} of all runs`)
  })

  it('are printed again by show, in any format', async () => {
    const { run } = await repository()
    const planned = await run('plan', '-e', 'test', '-e', 'prod', '--out', 'plans')

    expect(await run('show', 'plans')).toMatchObject({ code: 0, stdout: planned.stdout })
    const { code, stdout } = await run('show', 'plans', '--format', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).runs).toMatchObject([
      { environment: 'test', project: 'bill/ing', plan: { changes: [{ action: 'create' }] } },
      { environment: 'test', project: 'shipping' },
      { environment: 'prod', project: 'bill/ing' },
      { environment: 'prod', project: 'shipping' },
    ])
    const markdown = await run('show', 'plans', '--format', 'markdown')
    expect(markdown.stdout.match(/<details>/g)).toHaveLength(4)
  })

  it('are applied exactly, with the name of each environment that asks for it and the digest of all', async () => {
    const { folder, test, prod, run } = await repository()
    await run('plan', '-e', 'test', '-e', 'prod', '--out', 'plans')
    const { digest } = await indexOf(folder)
    await writeFile(join(folder, 'billing.yaml'), 'warren: 1\nproject: bill/ing\nvhost: /shop\nqueues: {}\n')

    expect(await run('apply', 'plans', '-y')).toMatchObject({ code: 8 })
    expect(await run('apply', 'plans', '--confirm', 'prod', '--expect-digest', '0'.repeat(64))).toMatchObject({
      code: 5,
    })
    expect([await queuesIn(test), await queuesIn(prod)]).toEqual([[], []])
    const applied = await run('apply', 'plans', '-y', '--confirm', 'prod', '--expect-digest', digest)

    expect(applied.code).toBe(0)
    expect(applied.stdout).toMatch(/^prod +shipping +1 +0 +0 +0 +0 +0 +0$/m)
    expect([await queuesIn(test), await queuesIn(prod)]).toEqual([
      ['bills', 'parcels'],
      ['bills', 'parcels'],
    ])
  })

  it('are not applied when a plan or the index was exchanged', async () => {
    const { folder, test, run } = await repository()
    await run('plan', '-e', 'test', '--out', 'plans')
    const index = await indexOf(folder)
    const [first, second] = index.plans.map(({ file }) => join(folder, 'plans', file))
    await writeFile(String(second), await readFile(String(first)))

    const swapped = await run('apply', 'plans')
    await writeFile(join(folder, 'plans/index.json'), JSON.stringify({ ...index, plans: index.plans.slice(0, 1) }))
    const shortened = await run('apply', 'plans')

    expect(swapped).toMatchObject({ code: 3, stderr: expect.stringContaining('is not the plan that index.json lists') })
    expect(shortened).toMatchObject({ code: 3, stderr: expect.stringContaining('is not that of its plans') })
    expect(await queuesIn(test)).toEqual([])
  })

  it('are applied in the order of their references if one needs an object that another creates', async () => {
    const { folder, test, run } = await repository()
    const head = (project: string) => `warren: 1\nproject: ${project}\nvhost: /shop\n`
    await writeFile(
      join(folder, 'billing.yaml'),
      `${head('bill/ing')}exchanges: { events: { external: true } }
queues: { bills: { type: classic, bindings: [{ exchange: events, routingKey: paid }] } }\n`,
    )
    await writeFile(join(folder, 'shipping.yaml'), `${head('shipping')}exchanges: { events: { type: topic } }\n`)

    expect(await run('plan', '-e', 'test', '--out', 'plans')).toMatchObject({ code: 0 })
    const { code, stderr } = await run('apply', 'plans')

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) })
    expect(await queuesIn(test)).toEqual(['bills'])
  })

  it('do nothing when one no longer fits, unless --keep-going applies the others', async () => {
    const { test, prod, run } = await repository()
    const { api } = await testBroker()
    await run('plan', '-e', 'test', '-e', 'prod', '--out', 'plans')
    await api.put(['queues', test, 'bills'], {
      durable: true,
      arguments: { 'x-queue-type': 'classic', 'x-expires': 9e6 },
    })

    const apply = ['apply', 'plans', '--confirm', 'prod', '--format', 'json']
    const stopped = await run(...apply)
    expect(stopped.code).toBe(5)
    const { runs } = JSON.parse(stopped.stdout)
    expect(runs.map((each: { exitCode?: number }) => each.exitCode)).toEqual([5, undefined, undefined, undefined])
    expect(runs[0].failure).toMatchObject({ code: 'STALE_PLAN' })
    expect([await queuesIn(test), await queuesIn(prod)]).toEqual([['bills'], []])

    const kept = await run(...apply, '--keep-going')
    expect(kept.code).toBe(7)
    expect(JSON.parse(kept.stdout).runs.map((each: { exitCode?: number }) => each.exitCode)).toEqual([5, 0, 0, 0])
    expect(await queuesIn(test)).toEqual(['bills', 'parcels'])
    expect(await queuesIn(prod)).toEqual(['bills', 'parcels'])
  })

  it('delete in reverse, so that a binding of another project is not in the way of its exchange', async () => {
    const { folder, test, run } = await repository()
    const declare = async (billing: string, shipping: string) => {
      await writeFile(join(folder, 'billing.yaml'), `warren: 1\nproject: bill/ing\nvhost: /shop\n${billing}`)
      await writeFile(join(folder, 'shipping.yaml'), `warren: 1\nproject: shipping\nvhost: /shop\n${shipping}`)
    }
    await declare(
      'exchanges: { orders: { type: fanout } }\n',
      'exchanges: { orders: { external: true } }\nqueues: { parcels: { type: classic, bindings: [{ exchange: orders }] } }\n',
    )
    expect(await run('apply', '-y', '-e', 'test')).toMatchObject({ code: 0 })
    await declare('queues: { bills: { type: classic } }\n', 'queues: { boxes: { type: classic } }\n')

    expect(await run('plan', '-e', 'test', '--prune', '--max-deletes=9', '--out', 'plans')).toMatchObject({ code: 0 })
    expect(await run('apply', 'plans')).toMatchObject({ code: 0 })
    expect(await queuesIn(test)).toEqual(['bills', 'boxes'])
    expect(await run('plan', '-e', 'test', '--prune', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })

  it('hand over objects that move between their projects', async () => {
    const { folder, test, run } = await repository()
    await run('apply', '-y', '-e', 'test')
    await writeFile(join(folder, 'billing.yaml'), 'warren: 1\nproject: bill/ing\nvhost: /shop\nqueues: {}\n')
    await writeFile(
      join(folder, 'shipping.yaml'),
      'warren: 1\nproject: shipping\nvhost: /shop\nqueues: { parcels: { type: classic }, bills: { type: classic } }\n',
    )

    expect(await run('plan', '-e', 'test', '--out', 'plans')).toMatchObject({ code: 0 })
    expect(await run('apply', 'plans')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Taken over 1 from bill/ing'),
    })
    expect(await queuesIn(test)).toEqual(['bills', 'parcels'])
    expect(await run('plan', '-e', 'test', '--detailed-exitcode')).toMatchObject({ code: 0 })
  })

  it('are saved in a folder for one project of a config too, and in a file where --project names it', async () => {
    const { folder, run } = await repository()
    const one = '--project=shipping'

    expect(await run('plan', '-e', 'test', one, '--out', 'plan.json')).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'))).toMatchObject({ project: 'shipping' })
    expect(await run('plan', '-e', 'test', one, '--out', 'plans/')).toMatchObject({ code: 0 })
    expect((await indexOf(folder)).plans).toMatchObject([{ file: '1-test-shipping.json' }])
  })

  it('are refused for a folder that is not empty, before any request to a broker', async () => {
    const { folder, run } = await repository()
    await mkdir(join(folder, 'plans'))
    await writeFile(join(folder, 'plans/other'), '')

    const { code, stderr, stdout } = await run('plan', '-e', 'test', '--out', 'plans')

    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('--out plans is not empty')
  })
})
