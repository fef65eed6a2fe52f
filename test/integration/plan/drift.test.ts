import { connect } from 'amqplib'
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FORMATS } from '../../../src/cli/options/formats.ts'
import { driftStateName } from '../../../src/model/generated-names.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import { takeDriftLock } from '../../../src/operations/operate/drift-lock.ts'
import { type DriftEvent, watchDrift } from '../../../src/operations/operate/watch-drift.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { startPrometheus } from '../support/prometheus-server.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const BILLS = 'bills: { type: classic }'
const BOXES = 'boxes: { type: classic }'

function topology(vhost: string, ...queues: readonly string[]): string {
  return `warren: 1\nproject: shop\nvhost: ${vhost}\nqueues:\n${queues.map((each) => `  ${each}\n`).join('')}`
}

/** An applied topology with two queues. */
async function applied() {
  const vhost = await freshVhost()
  const folder = await files({ 'topology.yaml': topology(vhost, BILLS, BOXES), 'fewer.yaml': topology(vhost, BILLS) })
  expect(await warren(['apply', 'topology.yaml', '-y'], { folder })).toMatchObject({ code: 0 })
  const { api } = await testBroker()
  return { vhost, folder, api }
}

describe('warren drift', () => {
  it('has a failed case of JUnit for each drifted object', async () => {
    const { vhost, folder, api } = await applied()
    await api.delete(['queues', vhost, 'boxes'])

    const { stdout } = await warren(['drift', '--format', 'junit'], { folder })

    expect(stdout).toContain('<testsuites name="warren drift" tests="2" failures="1"')
    expect(stdout).toContain(`<failure message="queue:${vhost}/boxes is not as declared`)
  })

  it('exits with 0 while the broker is as declared, and with 2 and the address once it is not', async () => {
    const { vhost, folder, api } = await applied()
    const before = await warren(['drift'], { folder })
    await api.delete(['queues', vhost, 'boxes'])
    const after = await warren(['drift', '--format', 'github'], { folder })

    expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to do') })
    expect(after.code).toBe(2)
    expect(after.stdout).toContain(`title=drift::queue:${vhost}/boxes is not as declared: it is missing on the broker`)
    expect(await api.get(['queues', vhost, 'boxes'])).toBeUndefined()
  })

  it('ignores pending adoption', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    await api.put(['queues', vhost, 'bills'], { durable: true, arguments: { 'x-queue-type': 'classic' } })
    const folder = await files({ 'topology.yaml': topology(vhost, BILLS) })

    expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 2 })
    const drift = await warren(['drift'], { folder })
    expect(drift).toMatchObject({ code: 0, stdout: expect.stringContaining('Summary  nothing to do, 2 unchanged') })
    expect(drift.stdout).not.toMatch(/adopt/)
  })

  it('reports owned objects that are no longer declared only with --prune', async () => {
    const { folder } = await applied()

    expect(await warren(['drift', 'fewer.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['drift', 'fewer.yaml', '--prune'], { folder })).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/- queue +boxes/),
    })
  })

  it('exits with 4 when an apply would be blocked', async () => {
    const { vhost, folder, api } = await applied()
    await api.delete(['queues', vhost, 'boxes'])
    await api.put(['queues', vhost, 'boxes'], { durable: true, arguments: { 'x-queue-type': 'quorum' } })

    expect(await warren(['drift'], { folder })).toMatchObject({ code: 4 })
  })

  it('needs no right to write, and does not name the rights of an apply', async () => {
    const { vhost, folder, api } = await applied()
    await api.delete(['queues', vhost, 'boxes'])
    const permissions = { [vhost]: { configure: '^$', write: '^$', read: '^$' } }
    const login = await freshUser({ tags: 'monitoring', permissions })

    const drift = await warren(['drift'], { folder, environment: { WARREN_URL: await managementUrl(login) } })

    expect(drift.code).toBe(2)
    expect(drift.stdout).toMatch(/\+ queue +boxes/)
    expect(drift.stdout).not.toContain('set_permissions')
  })

  it.each(FORMATS.filter((format) => format !== 'text'))(
    'names the drifted object as %s, and in a report',
    async (format) => {
      const { vhost, folder, api } = await applied()
      await api.delete(['queues', vhost, 'boxes'])

      const drift = await warren(['drift', '--format', format, '--report', `${format}=report`, '--target', '*/boxes'], {
        folder,
      })

      expect(drift.code).toBe(2)
      expect(drift.stdout).toContain('boxes')
    },
  )
})

describe('warren drift --watch', () => {
  it('excludes a second process although a virtual host that precedes the locked one was created meanwhile', async () => {
    const [vhost, earlier] = [await freshVhost(), await freshVhost()].toSorted().toReversed() as [string, string]
    const { api, managementUrl: url, username: user, password } = await testBroker()
    await api.delete(['vhosts', earlier])
    const folder = await files({ 'a.yaml': topology(earlier, BILLS), 'b.yaml': topology(vhost, BILLS) })
    const run = { paths: [join(folder, 'a.yaml'), join(folder, 'b.yaml')], connection: { url, user, password } }
    const take = async () => {
      const { lock } = await takeDriftLock({ runs: [run] }, new SecretRegistry())
      if (lock !== 'held') onTestFinished(lock.release)
      return lock
    }
    const first = await take()
    expect(first).toMatchObject({ lost: { aborted: false } })
    expect(first).not.toHaveProperty('isMissing')

    await api.put(['vhosts', earlier], {})
    expect(await take()).toBe('held')
  })

  it('reports a drift and its resolution to a webhook, repairs it, and lets a second process stand by', async () => {
    const { vhost, folder, api } = await applied()
    const { received, url: webhook } = await webhookReceiver()
    onTestFinished(() => api.delete(['global-parameters', driftStateName('shop')]))
    const stop = new AbortController()
    const urls: string[] = []
    const warnings: string[] = []
    const { managementUrl: url, username: user, password } = await testBroker()
    const run = { paths: [join(folder, 'topology.yaml')], connection: { url, user, password } }
    const start = () =>
      watchDrift({
        environments: [{ runs: [run] }],
        interval: 1_000,
        listen: { host: '127.0.0.1', port: 0 },
        webhooks: [{ url: webhook, secret: 'hush' }],
        apply: true,
        signal: stop.signal,
        onListening: (listening) => urls.push(listening),
        onWarning: (text) => warnings.push(text),
      })
    const served = async (at: number, path: string) => {
      const base = await until(() => urls[at], 'it listens')
      return (await fetch(base + path)).text()
    }
    const metrics = (at: number) => served(at, '/metrics')
    const first = start()
    await until(async () => (await metrics(0)).includes('warren_drift_active{environment=""} 1'), 'the first one acts')
    const second = start()
    await until(async () => (await served(1, '/readyz')) === 'ok\n', 'the second one is ready')
    expect(await metrics(1)).toContain('warren_drift_active{environment=""} 0')

    await api.delete(['queues', vhost, 'boxes'])
    await until(() => received.length === 2, 'both events arrive')
    stop.abort()
    await Promise.all([first, second])

    expect(received.map(({ event, address, action }) => [event, address, action])).toEqual([
      ['drifted', `queue:${vhost}/boxes`, 'create'],
      ['resolved', `queue:${vhost}/boxes`, 'create'],
    ])
    expect(await api.get(['queues', vhost, 'boxes'])).toBeDefined()
    expect(warnings).toEqual([])
  })

  it('serves metrics to Prometheus, so that each query of the dashboard has data, and each alert rule is healthy', async () => {
    const vhost = await freshVhost()
    const { api, managementUrl: url, username: user, password } = await testBroker()
    const folder = await files({ 'topology.yaml': measured(vhost) })
    expect(await warren(['apply', 'topology.yaml', '-y'], { folder })).toMatchObject({ code: 0 })
    // Nothing accepts the dead letters any more.
    await api.delete(['queues', vhost, 'holds.dead'])
    await api.put(['queues', vhost, 'unmanaged'], { durable: true })
    onTestFinished(() => api.delete(['global-parameters', driftStateName('shop', 'prod')]))
    const connection = await connect(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    const channel = await connection.createConfirmChannel()
    const publish = (queue: string) =>
      channel.sendToQueue(queue, Buffer.from('1'), { timestamp: Math.floor(Date.now() / 1_000) })
    for (const queue of ['work', 'work.dead', 'holds']) publish(queue)
    await channel.waitForConfirms()
    await channel.consume('work', (message) => message && channel.nack(message))

    const stop = new AbortController()
    let listening: string | undefined
    const warnings: string[] = []
    const run = { paths: [join(folder, 'topology.yaml')], connection: { url, user, password } }
    const service = watchDrift({
      environments: [{ name: 'prod', runs: [run] }],
      interval: 1_000,
      listen: { host: '127.0.0.1', port: 0 },
      events: vhost,
      signal: stop.signal,
      onListening: (base) => (listening = base),
      onWarning: (text) => warnings.push(text),
    })
    onTestFinished(async () => {
      stop.abort()
      await service
    })
    const ask = await startPrometheus(await until(() => listening, 'the service to listen'))

    const queries = new Set(await dashboardQueries())
    expect(queries.size).toBeGreaterThan(10)
    const allAnswer = async () => {
      await pause(500)
      for (const query of queries) {
        const { result }: { result: unknown[] } = await ask(`/api/v1/query?query=${encodeURIComponent(query)}`)
        if (result.length > 0) queries.delete(query)
      }
      return queries.size === 0
    }
    // The expectation below names the queries without data.
    await until(allAnswer, 'data for all queries').catch(() => undefined)
    expect([...queries]).toEqual([])
    const rules = await until(async () => {
      const { groups }: { groups: { rules: { name: string; health: string }[] }[] } = await ask('/api/v1/rules')
      const all = groups.flatMap((group) => group.rules)
      return all.every(({ health }) => health !== 'unknown') && all
    }, 'an evaluation of all rules')
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([])
    expect(rules.length).toBeGreaterThan(5)
    // The vhost has no exchange of events, and the service works without it.
    expect(warnings).toEqual([expect.stringContaining('rabbitmq-plugins enable rabbitmq_event_exchange')])
  })
})

/** A topology in which every metric of queues has a value. */
const measured = (vhost: string) => `warren: 1
project: shop
vhost: ${vhost}
queues:
  work: { type: classic, deadLetter: true }
  holds: { type: quorum, messageTtl: 1ms, overflow: reject-publish, deadLetter: { strategy: at-least-once } }
`

/** The queries of the dashboard, for all environments. */
async function dashboardQueries(): Promise<readonly string[]> {
  const { panels } = JSON.parse(await readFile('deploy/grafana/warren-dashboard.json', 'utf8')) as {
    panels: readonly { targets: readonly { expr: string }[] }[]
  }
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll('$environment', '.*')))
}

/** A webhook that checks signatures and keeps the events that it receives. */
async function webhookReceiver() {
  const received: DriftEvent[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const signature = createHmac('sha256', 'hush').update(body).digest('hex')
      const isSigned = request.headers['x-warren-signature'] === `sha256=${signature}`
      if (isSigned) received.push(...(JSON.parse(body.toString('utf8')) as { events: DriftEvent[] }).events)
      response.writeHead(isSigned ? 204 : 401).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { received, url: `http://127.0.0.1:${port}/` }
}
