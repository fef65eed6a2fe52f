import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { doctor } from '../../../src/operations/operate/doctor.ts'
import { publication } from '../../runtime/routes.ts'
import type { Login } from '../../../src/testing/throwaway/broker.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { compiledProgram } from '../support/compiled-program.ts'
import { configuredNode } from '../support/brokers/configured-node.ts'
import type { ManagementApi } from '../support/brokers/management-api.ts'
import { slowPort } from '../support/proxies/slow-port.ts'
import { until } from '../support/until.ts'

/** How long a program publishes after it has reached the limits of waiting messages; five minutes in a manual run. */
const SECONDS = Number(process.env['WARREN_MEMORY_SECONDS'] ?? 5)
/** The program reaches the limits within this many seconds, even on a busy machine. */
const FILLING = 235
const MOST_GROWTH = 12 * 1024 * 1024

const program = await compiledProgram('careless-publisher')
// A broker with a memory alarm from the beginning: it accepts no messages.
const blocked = await configuredNode({ configuration: ['vm_memory_high_watermark.absolute = 1'] })

interface Sample {
  readonly bytes: number
  readonly outcomes: Readonly<Record<string, number>>
}

/**
 * The output of a program that publishes to a port, one sample per second. It begins when a publish is first refused
 * because too many messages are waiting. Before that, the memory grows as expected, at a speed that depends on the
 * machine.
 */
async function samplesOf(api: ManagementApi, vhost: string, login: Login, port: number): Promise<Sample[]> {
  await api.put(['exchanges', vhost, 'notes'], { type: 'direct' })
  await api.put(['queues', vhost, 'notes'], { durable: true, arguments: { 'x-max-length': 10 } })
  await api.post(['bindings', vhost, 'e', 'notes', 'q', 'notes'], { routing_key: 'note' })
  const routes = {
    publications: [{ ...publication(), vhost, name: 'note', exchange: 'notes', routingKey: 'note' }],
    subscriptions: [],
  }
  const url = `amqp://${login.username}:${encodeURIComponent(login.password)}@127.0.0.1:${port}/${encodeURIComponent(vhost)}`
  const child = spawn(process.execPath, ['--expose-gc', program], {
    env: { ...process.env, WARREN_AMQP_URL: url, TEST_ROUTES: JSON.stringify(routes) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const samples: Sample[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    const sample = JSON.parse(line) as Sample
    if (sample.outcomes['blocked']) samples.push(sample)
    if (samples.length === SECONDS) break
  }
  child.kill('SIGKILL')
  return samples
}

function growth(samples: readonly Sample[]): number {
  const sizes = samples.map(({ bytes }) => bytes)
  process.stdout.write(
    `${SECONDS} s: ${sizes.map((bytes) => (bytes / 1024 / 1024).toFixed(1)).join(' ')} MiB, ${JSON.stringify(samples.at(-1)?.outcomes)}\n`,
  )
  return Math.max(...sizes) - (sizes[0] ?? 0)
}

describe('the memory of a program that publishes without waiting', { timeout: (FILLING + SECONDS) * 1_000 }, () => {
  it('stays flat while the broker is blocked (pitfall 12)', async () => {
    const samples = await samplesOf(blocked.api, '/', blocked.login, blocked.amqpPort)

    expect(growth(samples)).toBeLessThan(MOST_GROWTH)
    expect(samples.at(-1)?.outcomes).not.toHaveProperty('confirmed')
    expect(samples.at(-1)?.outcomes['blocked']).toBeGreaterThan(1_000)
  })

  it('stays flat while the broker is slow (pitfall 12)', async () => {
    const healthy = await testBroker()
    await using slow = await slowPort(new URL(healthy.amqpUrl), 200)
    const samples = await samplesOf(healthy.api, await freshVhost(), healthy, slow.port)

    expect(growth(samples)).toBeLessThan(MOST_GROWTH)
    expect(samples.at(-1)?.outcomes['confirmed']).toBeGreaterThan(0)
    expect(samples.at(-1)?.outcomes['blocked']).toBeGreaterThan(1_000)
  })
})

it('warren doctor finds the memory alarm, and the connection that may not publish because of it', async () => {
  const { username, password } = blocked.login
  const connection = await connectAmqp(`amqp://${username}:${password}@127.0.0.1:${blocked.amqpPort}/?heartbeat=20`)
  onTestFinished(() => connection.close())
  // The broker blocks a connection at its first publish.
  const channel = await connection.createChannel()
  channel.publish('', 'nowhere', Buffer.from('1'))

  const found = await until(async () => {
    const { checks } = await doctor({ connection: { url: blocked.managementUrl, user: username, password } })
    const of = (id: string) => checks.find(({ check }) => check === id)?.symptoms.map(({ message }) => message) ?? []
    return of('blocked-connections').length > 0 && { alarm: of('alarm'), blocked: of('blocked-connections') }
  }, 'the blocked connection in the statistics')

  expect(found.alarm).toEqual([expect.stringContaining('memory alarm')])
  expect(found.blocked).toEqual([expect.stringMatching(/^\d+ connections? may not publish: /)])
})
