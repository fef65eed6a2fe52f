import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { AddressInfo } from 'node:net'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { openOutbox } from 'warren/outbox'
import { connect } from 'warren/runtime'
import { freePorts } from '../../../src/testing/throwaway/node/free-ports.ts'
import { useTopology } from '../../../src/testing/index.ts'
import { guideBlocks } from '../../guide-blocks.ts'
import { chargeOnce } from '../../guides/idempotency/charge-once.ts'
import { connectWithPostgres } from '../../guides/idempotency/connect-with-postgres.ts'
import { connectWithRedis } from '../../guides/idempotency/connect-with-redis.ts'
import { connectTraced } from '../../guides/observability/connect-traced.ts'
import { serveMetrics } from '../../guides/observability/serve-metrics.ts'
import { watchSlow } from '../../guides/observability/watch-slow.ts'
import { payOrder } from '../../guides/outbox/pay-order.ts'
import { sell } from '../../guides/typed/sell.ts'
import { remindOfPayments } from '../../guides/typed/validated.ts'
import { usePostgres } from '../../databases/postgres-server.ts'
import { useRedis } from '../../databases/redis-server.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { keep } from '../runtime/runtime-vhost.ts'
import { until } from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../../..')
const redis = useRedis()
const postgres = usePostgres()

/**
 * The topology of a guide on a broker. The program runs in a folder with the compiled topology, and finds the broker
 * by itself.
 */
async function guide(name: string) {
  const examples = join(ROOT, 'test/guides', name)
  const fixture = await useTopology(join(examples, 'topology.yaml'), { broker: await testBroker() })
  onTestFinished(() => fixture.cleanup())
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/guide-'))
  await writeFile(join(folder, 'topology.json'), JSON.stringify(fixture.topology))
  const before = { folder: process.cwd(), url: process.env['WARREN_AMQP_URL'] }
  process.chdir(folder)
  process.env['WARREN_AMQP_URL'] = fixture.url()
  onTestFinished(async () => {
    process.chdir(before.folder)
    if (before.url === undefined) delete process.env['WARREN_AMQP_URL']
    else process.env['WARREN_AMQP_URL'] = before.url
    await rm(folder, { recursive: true })
  })
  return { examples, folder, url: fixture.url(), topology: fixture.topology }
}

function closeAtEnd<T extends { close(): Promise<unknown> }>(runtime: T): T {
  onTestFinished(async () => void (await runtime.close()))
  return runtime
}

describe('the guides to idempotency, outbox, observability and types', () => {
  it.each([
    ['idempotency.md', ['topology.yaml', 'connect-with-redis.ts', 'connect-with-postgres.ts', 'charge-once.ts']],
    ['outbox.md', ['topology.yaml', 'pay-order.ts', 'relay.mjs']],
    ['observability.md', ['watch-slow.ts', 'connect-traced.ts', 'serve-metrics.ts', 'serve-orders.mjs']],
    ['typed.md', ['topology.yaml', 'order.schema.json', 'topology.d.ts', 'sell.ts', 'validated.ts']],
  ])('%s shows the examples that are run here, and no others', async (page, names) => {
    const blocks = await guideBlocks(page)
    const folder = page.replace('.md', '')
    expect(blocks.map(({ file }) => file)).toEqual(names.map((name) => `test/guides/${folder}/${name}`))
    for (const { text, inFile } of blocks) expect(text).toBe(inFile)
  })
})

describe('the guide to idempotency', () => {
  it('has stores that recognize completed messages, and a charge that is made once', async () => {
    await guide('idempotency')
    await postgres.pool.query(
      'CREATE TABLE charges (message_id text PRIMARY KEY, order_id text NOT NULL, amount integer NOT NULL)',
    )
    const runtimes = [
      closeAtEnd(await connectWithRedis(redis.client)),
      closeAtEnd(await connectWithPostgres(postgres.pool)),
    ]
    for (const runtime of runtimes) {
      const handled = keep(runtime, 'handled')
      const consumer = await chargeOnce(runtime, postgres.pool)
      const before = handled.length
      for (let n = 1; n <= 2; n++) {
        await runtime.publish('charge', { id: 'order-7', amount: 30 })
        await until(() => handled.length === before + n, 'the message')
      }
      expect(handled.map(({ outcome }) => outcome)).toEqual(['done', 'duplicate'])
      await consumer.stop()
    }
    // The second store did not know the message of the first one, but the table did.
    expect((await postgres.pool.query('SELECT * FROM charges')).rows).toEqual([
      { message_id: 'order-7', order_id: 'order-7', amount: 30 },
    ])
  })
})

describe('the guide to the outbox', () => {
  it('has an order and a relay that work as described', async () => {
    const { examples, folder, url, topology } = await guide('outbox')
    await postgres.pool.query('CREATE TABLE orders (id text PRIMARY KEY, paid boolean NOT NULL DEFAULT false)')
    await postgres.pool.query("INSERT INTO orders (id) VALUES ('7')")
    await cp(join(examples, 'relay.mjs'), join(folder, 'relay.mjs'))
    const relay = spawn(process.execPath, ['relay.mjs'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], WARREN_AMQP_URL: url, DATABASE_URL: postgres.url },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    onTestFinished(() => void relay.kill('SIGKILL'))
    const table = async () => (await postgres.pool.query("SELECT to_regclass('warren_outbox') AS name")).rows
    await until(async () => JSON.stringify(await table()).includes('warren_outbox'), 'the table')

    await payOrder(postgres.pool, await openOutbox({ topology: 'topology.json' }), { id: '7', region: 'eu' })

    const sent = async () => (await postgres.pool.query('SELECT sent_at, publication, key FROM warren_outbox')).rows
    await until(async () => !JSON.stringify(await sent()).includes('"sent_at":null'), 'the message to be sent')
    expect(await sent()).toEqual([{ sent_at: expect.any(Date), publication: 'order-event', key: '7' }])
    const runtime = closeAtEnd(await connect({ topology, url }))
    const bodies: unknown[] = []
    await runtime.consume('emails', (body, { routingKey }) => bodies.push([routingKey, body]))
    await until(() => bodies.length > 0, 'the message')
    expect(bodies).toEqual([['order.eu.paid', { id: '7', region: 'eu' }]])
    relay.kill('SIGTERM')
    expect(await once(relay, 'exit')).toEqual([0, null])
  })
})

describe('the guide to observability', () => {
  it('has a runtime that is traced, metrics that are served, and a watch over slow handlers', async () => {
    await guide('idempotency')
    const runtime = closeAtEnd(await connectTraced())
    const slow: string[] = []
    watchSlow(runtime, (text) => slow.push(text))
    const server = serveMetrics(runtime, 0)
    onTestFinished(() => void server.close())
    if (!server.listening) await once(server, 'listening')
    const handled = keep(runtime, 'handled')
    await runtime.consume('charges', () => new Promise((resolve) => setTimeout(resolve, 1_100)))
    await runtime.publish('charge', { id: '1' }, { messageId: 'm-1' })
    await until(() => handled.length === 1, 'the message')

    expect(slow).toEqual([expect.stringMatching(/^charges: m-1 \(attempt 1\) done, \d+ s old$/)])
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toContain('subscription="charges",outcome="done"} 1')
  })
})

/**
 * Whether a port no longer accepts connections. It sends no request, because the program would have to answer it
 * first.
 */
function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ port }, () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', () => resolve(true))
  })
}

describe('a program with an HTTP server, metrics and a runtime', () => {
  it('finishes the current request on SIGTERM, and then ends by itself', async () => {
    const { examples, folder, url, topology } = await guide('idempotency')
    await cp(join(examples, '../observability/serve-orders.mjs'), join(folder, 'serve-orders.mjs'))
    const [port, metricsPort] = await freePorts(2)
    const program = spawn(process.execPath, ['serve-orders.mjs'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], WARREN_AMQP_URL: url, PORT: String(port), METRICS_PORT: String(metricsPort) },
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    onTestFinished(() => void program.kill('SIGKILL'))
    let said = ''
    program.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text))
    const exit = once(program, 'exit')
    const metrics = () => fetch(`http://127.0.0.1:${metricsPort}/metrics`).then((response) => response.text())
    await until(() => metrics().catch(() => undefined), 'the metrics')

    // The answer 100 says that the program has begun to serve the request.
    const order = request({ port, method: 'POST', path: '/orders', agent: false, headers: { expect: '100-continue' } })
    const answer = once(order, 'response')
    await once(order, 'continue')
    order.write('{"id":')
    program.kill('SIGTERM')
    await until(() => isRefused(Number(port)), 'new connections to be refused')
    expect(await metrics()).toContain('warren_ready')
    order.end('"7"}')

    const [response] = (await answer) as [IncomingMessage]
    expect(response.statusCode).toBe(202)
    response.resume()
    expect(await exit).toEqual([0, null])
    expect(said).toBe('')
    const runtime = closeAtEnd(await connect({ topology, url }))
    const bodies: unknown[] = []
    await runtime.consume('charges', (body) => bodies.push(body))
    await until(() => bodies.length > 0, 'the order')
    expect(bodies).toEqual([{ id: '7' }])
  })
})

describe('the guide to types', () => {
  it('has a typed program that works as described', async () => {
    await guide('typed')
    const sold: string[] = []
    closeAtEnd(await sell('tea', (what) => sold.push(what)))
    await until(() => sold.length > 0, 'the message')
    expect(sold).toEqual(['7: TEA'])
  })

  it('has validators that check messages on both sides, and pass the validated value to the handler', async () => {
    await guide('typed')
    const times: Date[] = []
    const runtime = closeAtEnd(await remindOfPayments((paidAt) => times.push(paidAt)))
    const deadLettered = keep(runtime, 'deadLettered')
    const lines = [{ sku: 'tea' }]
    const options = { parameters: { region: 'eu', event: 'paid' } }

    await runtime.publish('order-event', { id: '7', lines, paidAt: '2026-01-31T12:00:00.000Z' }, options)
    await until(() => times.length > 0, 'the message')
    expect(times).toEqual([new Date('2026-01-31T12:00:00.000Z')])
    await expect(runtime.publish('order-event', { id: '7', lines, paidAt: 'soon' }, options)).rejects.toMatchObject({
      outcome: 'invalid',
      message: expect.stringContaining('/paidAt'),
    })

    const plain = closeAtEnd(await connect({ topology: 'topology.json' }))
    await plain.publish('order-event', { id: '8', lines }, { ...options, messageId: 'm-8' })
    await until(() => deadLettered.length > 0, 'the dead letter')
    expect(deadLettered[0]).toMatchObject({ messageId: 'm-8', reason: 'invalid' })
    expect(String(deadLettered[0]?.error)).toContain('the message does not match its schema: /paidAt')
  })

  it('refuses validators that are invalid, asynchronous, or without a route', async () => {
    await guide('typed')
    const topology = 'topology.json'
    const late = z.string().refine(() => Promise.resolve(true))
    const promising = {
      '~standard': { version: 1 as const, vendor: 'test', validate: () => Promise.resolve({ value: 1 }) },
    }
    await expect(connect({ topology, schemas: { emails: promising } })).rejects.toThrow('returns a promise')
    await expect(connect({ topology, schemas: { email: late } })).rejects.toThrow(
      'no publication or subscription "email"',
    )
    const none = {} as typeof late
    await expect(connect({ topology, schemas: { emails: none } })).rejects.toThrow('is not a Standard Schema')
    const runtime = closeAtEnd(await connect({ topology, schemas: { 'order-event': late } }))
    const options = { parameters: { region: 'eu', event: 'paid' } }
    await expect(runtime.publish('order-event', { id: '7', lines: [] }, options)).rejects.toMatchObject({
      outcome: 'invalid',
    })
  })
})
