import { describe, expect, it } from 'vitest'
import type { MoveResult } from '../../../src/apply/migrate/queue-move.ts'
import { moveQueue } from '../../../src/apply/migrate/move-queue.ts'
import { CutShort, cutShort } from '../support/proxies/cut-short.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { everything, fill, moveRun, PROJECT, runOf, shop, type Shop } from './migration.ts'
import { journalName } from '../../../src/model/generated-names.ts'

/** The number of messages when a move begins; many more in a manual run. */
const MESSAGES = Number(process.env['WARREN_MIGRATION_MESSAGES'] ?? 400)
/** The time limit of one test, in milliseconds. */
const PATIENCE = MESSAGES > 400 ? 3_600_000 : 600_000

const KINDS = [
  ['classic to quorum', { from: 'classic', to: 'quorum' }],
  ['quorum to classic', { from: 'quorum', to: 'classic' }],
  ['an argument', { from: 'quorum', to: 'quorum', more: { 'x-max-length': 1_000_000 } }],
  ['the name', { from: 'quorum', to: 'quorum', name: 'purchases' }],
] as const

async function expectMoved(place: Shop): Promise<void> {
  const { api } = await testBroker()
  const { vhost, move } = place
  const live = await api.get<{ type?: string; arguments: Record<string, unknown> }>(['queues', vhost, move.to.name])
  expect(live?.arguments).toMatchObject(move.to.arguments)
  expect(await api.get(['queues', vhost, 'orders.moving'])).toBeUndefined()
  expect(await api.get(['global-parameters', journalName({ project: PROJECT, vhost })])).toBeUndefined()
  const bindings = (await api.get<{ source: string; routing_key: string }[]>([
    'queues',
    vhost,
    move.to.name,
    'bindings',
  ])) as { source: string; routing_key: string }[]
  expect(bindings.map(({ source, routing_key }) => `${source} ${routing_key}`).toSorted()).toEqual(
    [` ${move.to.name}`, 'events order.#', 'orders.failed back'].toSorted(),
  )
}

/** No id is missing, and the figures are true. */
async function expectAll(place: Shop, result: MoveResult): Promise<void> {
  const found = await everything(place)
  const ids = new Set(found)
  expect([...place.published].filter((id) => !ids.has(id))).toEqual([])
  expect(result.lost).toBe(0)
  const duplicates = found.length - ids.size
  expect(duplicates).toBeGreaterThanOrEqual(result.duplicates.atLeast)
  expect(duplicates).toBeLessThanOrEqual(result.duplicates.atMost)
  await expectMoved(place)
}

describe('a move of a queue', { timeout: PATIENCE }, () => {
  it.concurrent.for(KINDS)(
    'that changes %s keeps every message, while programs publish and consume',
    async ([, kind], { onTestFinished }) => {
      const place = await shop(kind, onTestFinished)
      await fill(place, MESSAGES, 50)
      const producer = place.produce(100)
      const consumers = ['orders', 'purchases'].map((name) => place.consume(name, 50))

      const result = await moveQueue(await moveRun(onTestFinished), place.move)

      await producer.stop()
      for (const consumer of consumers) await consumer.stop()
      expect(producer.returned.size).toBe(0)
      await expectAll(place, result)
    },
  )

  it.concurrent.for(KINDS)(
    'that changes %s and is killed before and after each of its writes still ends with every message',
    async ([, kind], { onTestFinished }) => {
      const place = await shop(kind, onTestFinished)
      await fill(place, MESSAGES, 50)
      const producer = place.produce(20)
      const consumers = ['orders', 'purchases'].map((name) => place.consume(name, 20))
      const whole = await moveRun(onTestFinished)

      const deaths = new Set<string>()
      let result: MoveResult | undefined
      while (result === undefined) {
        const run = runOf(cutShort(whole.client, deaths), { amqp: whole.requireAmqp() })
        result = await moveQueue(run, place.move).catch((error: unknown) => {
          if (error instanceof CutShort) return undefined
          throw error
        })
      }

      await producer.stop()
      for (const consumer of consumers) await consumer.stop()
      expect(deaths.size).toBeGreaterThan(30)
      expect(producer.returned.size).toBe(0)
      await expectAll(place, result)
    },
  )
})

describe('a consumer in the tests of migrations', () => {
  it('ends when it is stopped while it connects', async ({ onTestFinished }) => {
    const place = await shop({ from: 'classic', to: 'classic' }, onTestFinished)

    await place.consume('orders', 30).stop()

    const { api } = await testBroker()
    expect(await api.get<unknown[]>(['consumers', place.vhost])).toEqual([])
  })
})
