import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, testBroker } from '../support/brokers/broker.ts'
import { files, startWarren } from '../support/command-line.ts'
import { faultProxy, type Trouble } from '../support/proxies/fault-proxy.ts'
import { amqpProxy } from '../support/proxies/amqp-proxy.ts'
import { everything, fill, PROJECT, shop, type Types } from './migration.ts'
import { THOROUGH } from '../../thorough.ts'
import { warren } from '../support/warren-in-process.ts'
import { journalName } from '../../../src/model/generated-names.ts'

/** The number of messages when a move begins; many more in a manual run. */
const MESSAGES = Number(process.env['WARREN_MIGRATION_MESSAGES'] ?? 400)
/** The time limit of one test, in milliseconds. */
const PATIENCE = MESSAGES > 400 ? 3_600_000 : 600_000
/** The time limit of one migration, in milliseconds. */
const LIMIT = PATIENCE / 4
/** How long the broker may take to notice that a process has died, and to free its lock, in milliseconds. */
const LOCK_LIMIT = 60_000
/**
 * Kills one run for every so many writes. With 1, a run dies at each write, which takes some minutes. The seed
 * decides which writes these are.
 */
const STEP = Number(process.env['WARREN_MIGRATION_KILL_STEP'] ?? Math.ceil(21 / THOROUGH))
const SEED = Number(process.env['WARREN_MIGRATION_KILL_SEED'] ?? Date.now() % 1_000)

const KINDS = [
  ['classic to quorum', { from: 'classic', to: 'quorum' }],
  ['quorum to classic', { from: 'quorum', to: 'classic' }],
  ['an argument', { from: 'quorum', to: 'quorum', more: { 'x-max-length': 1_000_000 } }],
  ['the name', { from: 'classic', to: 'classic', name: 'purchases' }],
] as const

interface Declared {
  readonly type: Types
  readonly more?: Readonly<Record<string, unknown>>
  /** The name of the queue `orders`. */
  readonly name?: string
}

function topologyOf(vhost: string, { type, more = {}, name = 'orders' }: Declared): string {
  return [
    `warren: 1`,
    `project: ${PROJECT}`,
    `vhost: ${vhost}`,
    `exchanges:`,
    `  events: { type: topic }`,
    `queues:`,
    `  ${name}:`,
    `    type: ${type}`,
    ...(name === 'orders' ? [] : [`    renamedFrom: orders`]),
    `    arguments: ${JSON.stringify(more)}`,
    `    bindings: [{ exchange: events, routingKey: 'order.#' }]`,
    `    retry: { delays: [1s] }`,
    `    deadLetter: true`,
    ``,
  ].join('\n')
}

/** No migration has fewer writes. */
const FEWEST = 15

const isWrite = ({ method }: { readonly method: string }): boolean => method !== 'GET'

describe('a migration whose process is killed', () => {
  it.concurrent.for(KINDS)(
    `continues a change of %s in the next run, and ends with every message (seed ${SEED}, every ${STEP}. write)`,
    { timeout: PATIENCE },
    async ([, kind], { onTestFinished }) => {
      const place = await shop(kind, onTestFinished)
      const { vhost } = place
      const { api } = await testBroker()
      const folder = await files(
        {
          'before.yaml': topologyOf(vhost, { type: kind.from }),
          'after.yaml': topologyOf(vhost, { type: kind.to, ...kind }),
        },
        onTestFinished,
      )
      expect(await warren(['apply', '-y', 'before.yaml'], { folder })).toMatchObject({ code: 0 })
      await fill(place, MESSAGES, 50)
      const producer = place.produce(50)
      const consumers = ['orders', 'purchases'].map((each) => place.consume(each, 30))
      const name = 'name' in kind ? kind.name : 'orders'
      const migrate = name === 'orders' ? ['--migrate', `queue:${vhost}/orders`] : []
      const args = ['apply', '-y', ...migrate, 'after.yaml']

      let kills = 0
      let ended: Awaited<ReturnType<typeof warren>> | undefined
      let lastKill = 0
      for (let at = 1 + (SEED % Math.min(STEP, FEWEST)); ended?.code !== 0; at += STEP) {
        const running: { kill?: () => void } = {}
        let writes = 0
        // Alternately before and after the broker gets the write.
        const isPassedOn = (): boolean => writes === at && kills % 2 === 1
        const trouble: Trouble = (_count, request) => {
          if (!isWrite(request)) return undefined
          writes += 1
          if (writes < at) return undefined
          if (isPassedOn()) return 'swallows the answer'
          running.kill?.()
          return 'swallows the request'
        }
        await using proxy = await faultProxy(trouble, { onSwallowed: () => running.kill?.() })
        const amqp = new URL(await amqpUrl('/'))
        await using queues = await amqpProxy(Number(amqp.port), () => {
          writes += 1
          if (writes < at) return 'pass'
          running.kill?.()
          return isPassedOn() ? 'pass' : 'swallow'
        })
        amqp.port = String(queues.port)
        amqp.pathname = ''
        const environment = { WARREN_URL: proxy.url, WARREN_AMQP_URL: amqp.href }
        const child = await startWarren(args, { folder, environment, limit: LIMIT })
        running.kill = () => child.kill('SIGKILL')
        ended = await child.ended
        const isLocked = ended.code === 4 && (ended.stdout + ended.stderr).includes('another apply')
        if (ended.signal === 'SIGKILL') {
          kills += 1
          lastKill = performance.now()
        }
        // The broker frees the lock of a process that has died as soon as it notices.
        else if (isLocked && performance.now() - lastKill < LOCK_LIMIT) at -= STEP
        else if (ended.code !== 0) throw new Error(ended.stdout + ended.stderr)
      }

      await producer.stop()
      for (const consumer of consumers) await consumer.stop()
      process.stdout.write(`killed ${kills} times\n`)
      expect(kills).toBeGreaterThan(0)
      expect(producer.returned.size).toBe(0)
      const queues = (await api.get<{ name: string }[]>(['queues', vhost])) ?? []
      expect(queues.map((each) => each.name).toSorted()).toEqual([name, `${name}.dead`, `${name}.retry.1s`].toSorted())
      expect(await api.get(['global-parameters', journalName({ project: PROJECT, vhost })])).toBeUndefined()
      expect(await warren(['plan', '--detailed-exitcode', 'after.yaml'], { folder })).toMatchObject({ code: 0 })
      const ids = new Set(await everything(place, `${name}.dead`))
      expect([...place.published].filter((id) => !ids.has(id))).toEqual([])
    },
  )

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops after %s, exits with %i, and says that the next run continues', async (signal, code) => {
    const place = await shop({ from: 'classic', to: 'quorum' }, onTestFinished)
    const { vhost } = place
    const folder = await files({
      'before.yaml': topologyOf(vhost, { type: 'classic' }),
      'after.yaml': topologyOf(vhost, { type: 'quorum' }),
    })
    expect(await warren(['apply', '-y', 'before.yaml'], { folder })).toMatchObject({ code: 0 })
    await fill(place, 100, 0)
    const migrate = ['apply', '-y', '--migrate', `queue:${vhost}/orders`, 'after.yaml']
    const running: { stop?: () => Promise<void> } = {}
    let isTold = false
    await using proxy = await faultProxy(async (_count, { method, path }) => {
      // The holding queue is bound in place of the old queue.
      if (!isTold && method === 'POST' && path.includes('orders.moving')) {
        isTold = true
        await running.stop?.()
      }
      return undefined
    })
    const child = await startWarren([...migrate, '--report', 'json=report.json'], {
      folder,
      environment: { WARREN_URL: proxy.url },
    })
    running.stop = () => child.tellToStop(signal)

    expect(await child.ended).toMatchObject({
      code,
      stdout: expect.stringMatching(
        /stopped {2}replace queue:\S+orders, because the run was interrupted; no message is lost/,
      ),
    })
    const { report } = JSON.parse(await readFile(`${folder}/report.json`, 'utf8')) as { report: object }
    expect(report).toMatchObject({ interrupted: true })
    expect(await warren(migrate, { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('moved 100 messages'),
    })
  })
})
