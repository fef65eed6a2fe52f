import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Topology } from '../../../src/model/topology.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { existingBroker } from '../../builders/frameworks/existing-broker.ts'
import { amqpUrl, freshName, ownBroker, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { converge, withClient } from '../support/converge.ts'
import { placed } from '../support/placed.ts'
import { recordingProxy } from '../support/proxies/recording-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

/** `WARREN_WHOLE_BROKER=1` selects the whole broker of the builder, with about 180 queues, instead of a part. */
const WHOLE = process.env['WARREN_WHOLE_BROKER'] === '1'

/** The custom ladders, their shovel, all users and policies, and the queues of three teams and one framework. */
const IN_PART = /^(orders|refunds|invoices|returns|team[0-2]|celery|catalog|payments)\b/

function partOf(broker: Topology): Topology {
  if (WHOLE) return broker
  const exchanges = broker.exchanges.filter(({ name }) => IN_PART.test(name))
  const queues = broker.queues.filter(({ name }) => IN_PART.test(name))
  const names = new Set([...exchanges, ...queues].map(({ name }) => name))
  const bindings = broker.bindings.filter(({ source, destination }) => names.has(source) && names.has(destination))
  return { ...broker, exchanges, queues, bindings }
}

/** A vhost with the declarations of programs and people over years, which warren does not know yet. */
async function existingVhost(): Promise<{ vhost: string; broker: Topology }> {
  const { api } = await testBroker()
  const vhost = freshName('vhost')
  const prefix = `${vhost}-`
  const broker = placed(partOf(existingBroker()), vhost, prefix, prefix)
  onTestFinished(async () => {
    await api.delete(['vhosts', vhost])
    for (const { name } of broker.users) await api.delete(['users', name])
  })
  const { report } = await withClient((client) => converge(client, broker))
  expect(report.outcomes.filter(({ status }) => status !== 'done')).toEqual([])
  return { vhost, broker }
}

/** Projects by the first part of names. The remaining queues form another project. */
const FIVE = {
  '^(orders|refunds)': 'sales',
  '^(invoices|returns)': 'billing',
  '^team': 'teams',
  '^(celery|catalog|search|reports|thumbnails|imports|exports)': 'platform',
  '.*': 'others',
}

// Users belong to no virtual host, so the export would include those of other tests, which may be deleted before the
// plan.
ownBroker(['rabbitmq_shovel'])

const LONG = WHOLE ? { timeout: 900_000 } : {}

it(
  'exports an existing broker with an empty plan, adopts it in one apply, and hands it over by group, without changing it',
  LONG,
  async () => {
    const { vhost, broker } = await existingVhost()
    const connection = await connect(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    let cancelled = false
    await channel.consume('orders', (message) => (cancelled ||= message === null))
    const folder = await files({ 'split.yaml': stringify(FIVE) })
    const out = join(folder, 'out')
    const within = { folder: out }

    const exported = await warren(
      ['export', '--live', '--vhost', vhost, '--include-framework', '--split', 'split.yaml', '--out', out],
      { folder },
    )
    expect(exported).toMatchObject({ code: 0, stderr: '' })
    expect(exported.stdout).toContain('verified: 0 changes')
    process.stdout.write(`${broker.queues.length} queues, ${exported.stdout}`)
    const configPath = join(out, 'warren.config.yaml')
    const config = parse(await readFile(configPath, 'utf8')) as {
      projects: Record<string, { paths: readonly string[] }>
    }
    const names = Object.keys(config.projects)
    expect(names).toEqual(expect.arrayContaining(Object.values(FIVE)))

    const before = await warren(['plan', '--format', 'json'], within)
    expect(before.code).toBe(0)
    const { runs } = JSON.parse(before.stdout) as { runs: readonly { plan: Plan }[] }
    expect(runs).toHaveLength(names.length)
    expect(runs.flatMap(({ plan: { changes, blocks } }) => [...changes, ...blocks])).toEqual([])

    await using proxy = await recordingProxy()
    const environment = { WARREN_URL: proxy.url }
    expect(await warren(['apply', '-y'], { ...within, environment })).toMatchObject({ code: 0 })
    expect(proxy.writes().filter(({ path }) => !path.startsWith('/api/global-parameters/warren.owner.'))).toEqual([])
    expect(await warren(['plan', '--detailed-exitcode'], within)).toMatchObject({ code: 0 })

    const seen = proxy.writes().length
    const billing = config.projects['billing']?.paths ?? []
    for (const path of billing) {
      const file = join(out, path)
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replace(/^project: billing$/m, 'project: sales\ntakesOver: [billing]'))
    }
    const { billing: _billing, sales, ...others } = config.projects
    const projects = { ...others, sales: { paths: [...(sales?.paths ?? []), ...billing] } }
    await writeFile(configPath, stringify({ ...config, projects }))
    expect(await warren(['apply', '-y'], { ...within, environment })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Taken over \d+ from billing/),
    })
    expect(proxy.writes().length).toBeGreaterThan(seen)
    expect(proxy.writes().filter(({ path }) => !path.startsWith('/api/global-parameters/warren.owner.'))).toEqual([])
    expect(await warren(['plan', '--detailed-exitcode'], within)).toMatchObject({ code: 0 })
    expect(cancelled).toBe(false)
    expect(await channel.checkQueue('orders')).toMatchObject({ consumerCount: 1 })
  },
)
