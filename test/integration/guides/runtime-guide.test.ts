import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from 'warren/runtime'
import { useTopology } from '../../../src/testing/index.ts'
import { auditLog } from '../../guides/runtime/keep-offsets.ts'
import { followLog } from '../../guides/runtime/follow-log.ts'
import { connectLogged } from '../../guides/runtime/connect-logged.ts'
import { connectWithStore } from '../../guides/runtime/large-payloads.ts'
import { publishPaid } from '../../guides/runtime/publish-paid.ts'
import { storeOrders } from '../../guides/runtime/store-orders.ts'
import { sendEmails } from '../../guides/runtime/send-emails.ts'
import { subscription } from '../../runtime/routes.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { keep, routesOf, runtimeVhost } from '../runtime/runtime-vhost.ts'
import { until } from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../../..')
const EXAMPLES = join(ROOT, 'test/guides/runtime')

async function pythonWithPika(): Promise<string> {
  // Debian's pika only works with Debian's Python, which may not be the first one in the PATH.
  for (const python of ['python3', '/usr/bin/python3']) {
    // Python may be slow on a busy machine, and this process has to serve its connections to the broker in the
    // meantime.
    const child = spawn(python, ['-c', 'import pika'], { stdio: 'ignore' })
    if (
      await new Promise((resolve) => child.on('error', () => resolve(false)).on('exit', (code) => resolve(code === 0)))
    )
      return python
  }
  throw new Error('pika is not installed: run `npm run setup:tests`, or apt-get install python3-pika')
}

/** The topology of the guide on a broker, and the folder of a project with the compiled topology. */
async function shop() {
  const fixture = await useTopology(join(EXAMPLES, 'topology.yaml'), { broker: await testBroker() })
  onTestFinished(() => fixture.cleanup())
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/runtime-guide-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'topology.json'), JSON.stringify(fixture.topology))
  return { ...fixture, folder, url: fixture.url() }
}

/** Runs an example as a separate program. Returns its output so far. */
function run(command: string, args: string[], cwd: string, environment: Record<string, string>): () => string {
  const env = { PATH: process.env['PATH'], ...environment }
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => void (text += part))
  }
  const ended = new Promise((resolve) => void child.once('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return () => text
}

/** Changes into the folder of a project for the rest of the test, with the broker in the environment. */
function inProject(folder: string, url: string): void {
  const before = { folder: process.cwd(), url: process.env['WARREN_AMQP_URL'] }
  onTestFinished(() => {
    process.chdir(before.folder)
    if (before.url === undefined) delete process.env['WARREN_AMQP_URL']
    else process.env['WARREN_AMQP_URL'] = before.url
  })
  process.chdir(folder)
  process.env['WARREN_AMQP_URL'] = url
}

describe('the guide to the runtime', () => {
  it('shows the examples that are run here, and no others', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/runtime.md'), 'utf8')
    const blocks = [
      ...guide.matchAll(/(?:<!-- test\/guides\/runtime\/(\S+) -->\n\n)?^```(?:ts|js|yaml|python)\n([^]*?)^```/gm),
    ]

    expect(blocks.map(([, name]) => name)).toEqual([
      'topology.yaml',
      'worker.mjs',
      'connect-by-token.ts',
      'publish-paid.ts',
      'large-payloads.ts',
      'send-emails.ts',
      'keep-offsets.ts',
      'follow-log.ts',
      'store-orders.ts',
      'worker.py',
      'connect-logged.ts',
    ])
    for (const [, name = '', text] of blocks) expect(text).toBe(await readFile(join(EXAMPLES, name), 'utf8'))
  })

  it('has a publisher and a worker that work as described', async () => {
    const { folder, url, topology } = await shop()
    await cp(join(EXAMPLES, 'worker.mjs'), join(folder, 'worker.mjs'))
    const output = run(process.execPath, ['worker.mjs'], folder, { WARREN_AMQP_URL: url })
    const runtime = await connect({ topology, url })
    onTestFinished(async () => void (await runtime.close()))

    await publishPaid(runtime, { id: '7' }, 'eu')

    await until(() => output() !== '', 'the worker')
    expect(output()).toBe("paid (message paid-7, attempt 1): { id: '7' }\n")
  })

  it('has a store for large payloads', async () => {
    const { folder, url } = await shop()
    inProject(folder, url)
    const runtime = await connectWithStore(join(folder, 'payloads'))
    onTestFinished(async () => void (await runtime.close()))
    const sizes: number[] = []
    await runtime.consume<{ text: string }>('emails', ({ text }) => sizes.push(text.length))

    const options = { parameters: { region: 'eu', event: 'paid' } }
    await runtime.publish('order-event', { text: 'x'.repeat(300_000) }, options)
    await until(() => sizes.length > 0, 'the message')
    expect(sizes).toEqual([300_000])
    expect(await readdir(join(folder, 'payloads'))).toHaveLength(1)
  })

  it('has a logger and an alert that receive the events', async () => {
    const { folder, url } = await shop()
    inProject(folder, url)
    const lines: string[] = []
    const alerts: string[] = []
    const log = (_facts: unknown, sentence: string) => void lines.push(sentence)
    const runtime = await connectLogged({ info: log, warn: log, error: log }, (text) => alerts.push(text))
    onTestFinished(async () => void (await runtime.close()))
    await sendEmails(runtime, () => Promise.resolve(550))

    await runtime.publish(
      'order-event',
      { recipient: 'bob' },
      { parameters: { region: 'eu', event: 'paid' }, messageId: 'm-1' },
    )

    await until(() => alerts.length > 0, 'the alert')
    expect(alerts).toEqual(['emails: m-1 (error)'])
    expect(lines).toContain(
      'subscription "emails" failed on the message "m-1" (attempt 1, error): DoNotRetry: bob does not exist; it was dead-lettered',
    )
  })

  it('has an example that works as described', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const runtime = await here.connect(routesOf('email', failure))
    const retried = keep(runtime, 'retried')
    const sent: string[] = []
    await sendEmails(runtime, async ({ recipient }) => {
      if (recipient === 'nobody') return 550
      if (recipient === 'busy' && retried.length === 0) return 421
      sent.push(recipient)
      return 250
    })

    for (const recipient of ['ann', 'nobody', 'busy'])
      await runtime.publish('send-email', { task_id: recipient, recipient })

    expect((await here.take('email.dead')).properties.headers).toMatchObject({
      'x-warren-attempt': 0,
      'x-warren-error': 'DoNotRetry: nobody does not exist',
    })
    await until(() => sent.length === 2, 'both emails to be sent')
    expect(sent).toEqual(['ann', 'busy'])
  })

  it('has readers of a stream that continue in the next run where the last one ended', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('log', { arguments: { 'x-queue-type': 'stream' } })
    for (let n = 0; n < 5; n++) here.channel.sendToQueue('log', Buffer.from(String(n)))
    await here.channel.waitForConfirms()
    let kept: number | undefined
    const progress = { read: () => Promise.resolve(kept), write: async (offset: number) => void (kept = offset) }
    const seen: unknown[] = []
    const log = subscription({ name: 'log', queue: 'log', queueType: 'stream' })
    const readUntil = async (count: number, work: (event: unknown) => Promise<void>) => {
      const runtime = await here.connect({ subscriptions: [log] })
      await followLog(runtime, progress, work)
      await until(() => seen.length === count, 'the events')
      await runtime.close({ deadline: 100 })
    }

    const statements: unknown[] = []
    const pool = {
      query: (...statement: unknown[]) => Promise.resolve({ rows: [], statement: statements.push(statement) }),
    }
    const reader = await here.connect({ subscriptions: [log] })
    const audited: unknown[] = []
    const consumer = await auditLog(reader, pool as unknown as Parameters<typeof auditLog>[1], (event) =>
      Promise.resolve(void audited.push(event)),
    )
    await until(() => audited.length === 5, 'the audit')
    await consumer.stop()
    expect(statements.at(-1)).toEqual([
      expect.stringContaining('INSERT INTO "warren_offsets"'),
      [`${here.vhost}/log/log`, 5],
    ])

    await readUntil(3, (event) => (seen.length < 3 ? Promise.resolve(void seen.push(event)) : new Promise(() => {})))
    await readUntil(5, (event) => Promise.resolve(void seen.push(event)))

    expect(seen).toEqual([0, 1, 2, 3, 4])
    expect(kept).toBe(4)
  })

  it('has a handler of batches', async () => {
    const { topology, url } = await shop()
    const runtime = await connect({ topology, url, logger: false })
    onTestFinished(async () => void (await runtime.close()))
    const statements: unknown[] = []
    const query = (...statement: unknown[]) => statements.push(statement)
    const options = { parameters: { region: 'eu', event: 'paid' } }
    for (const id of ['1', '2']) await runtime.publish('order-event', { id }, options)

    await storeOrders(runtime, { query } as unknown as Parameters<typeof storeOrders>[1])

    await until(() => statements.length > 0, 'the batch')
    expect(statements).toEqual([[expect.stringContaining('INSERT INTO orders'), [['1', '2']]]])
  })

  it('has a package for Python whose programs share a queue with the runtime', async () => {
    const python = await pythonWithPika()
    const source = join(ROOT, 'examples/python')
    const fixture = await useTopology(join(source, 'topology.yaml'), { broker: await testBroker() })
    onTestFinished(() => fixture.cleanup())
    const folder = await mkdtemp(join(tmpdir(), 'warren-python-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await cp(source, folder, { recursive: true })
    await writeFile(join(folder, 'topology.json'), JSON.stringify(fixture.topology))
    const url = fixture.url()
    const start = (...args: string[]) => run(python, args, folder, { WARREN_AMQP_URL: url })
    const runtime = await connect({ topology: fixture.topology, url, logger: false })
    onTestFinished(async () => void (await runtime.close()))

    const bodies: unknown[] = []
    const consumer = await runtime.consume('reports', (body) => bodies.push(body))
    start('publish.py', '2026-11')
    await until(() => bodies.length > 0, 'the message from Python')
    await consumer.stop()
    expect(bodies).toEqual([{ month: '2026-11' }])

    const output = start('worker.py')
    for (const [messageId, body] of Object.entries({ good: { month: '2026-10' }, bad: { month: 'never' }, none: {} })) {
      await runtime.publish('make-report', body, { messageId, parameters: { region: 'eu' }, headers: { trace: 't' } })
    }
    const connection = await connectAmqp(url)
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    const dead = new Map<unknown, unknown>()
    await until(async () => {
      const letter = await channel.get('report.dead', { noAck: true })
      if (letter) dead.set(letter.properties.messageId, { ...letter.properties, body: gunzipSync(letter.content) })
      return dead.size === 2
    }, 'the dead letters')
    const headers = { trace: 't', 'x-warren-exchange': 'tasks', 'x-warren-routing-key': 'report.eu' }
    expect(dead.get('bad')).toMatchObject({
      contentEncoding: 'gzip',
      body: Buffer.from('{"month":"never"}'),
      headers: {
        ...headers,
        'x-warren-attempt': 2,
        'x-warren-reason': 'error',
        'x-warren-error': 'ValueError: the numbers are not there yet',
      },
    })
    expect(dead.get('none')).toMatchObject({
      headers: { ...headers, 'x-warren-attempt': 0, 'x-warren-error': 'DoNotRetry: a report without a month' },
    })
    await until(() => output().includes('report 2026-10 is made (message good)'), 'the report')
  })

  it('has a worker in Python that retries in the same way', async () => {
    const python = await pythonWithPika()
    const here = await runtimeVhost()
    await here.ladder({ queue: 'email', delays: [20, 40] })
    const output = run(python, [join(EXAMPLES, 'worker.py')], ROOT, {
      WARREN_AMQP_URL: here.url,
      RETRY_DELAYS: '20ms 40ms',
    })
    const before = Date.now()
    const publish = (messageId: string, text: string) =>
      here.channel.publish('tasks', 'email', Buffer.from(text), { messageId, headers: { trace: 't' } })
    publish('good', '{"id":"7"}')
    publish('bad', '{}')
    publish('unreadable', '{')

    const dead = [await here.take('email.dead'), await here.take('email.dead')]
    const found = new Map(dead.map(({ properties }) => [properties.messageId as string, properties.headers]))
    expect(found.get('bad')).toMatchObject({
      trace: 't',
      'x-warren-attempt': 2,
      'x-warren-reason': 'error',
      'x-warren-error': 'ValueError: an order without an id',
      'x-warren-exchange': 'tasks',
      'x-warren-routing-key': 'email',
    })
    expect(found.get('unreadable')).toMatchObject({ 'x-warren-attempt': 0, 'x-warren-reason': 'invalid' })
    expect(Date.parse(String(found.get('bad')?.['x-warren-first-failed']))).toBeGreaterThanOrEqual(before - 1)
    await until(async () => (await here.ready('email')) === 0 && output() !== '', 'all to be done')
    expect(output()).toBe('order 7 is paid\n')
  })
})
