import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Registry } from 'prom-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Routes } from '../../../../src/model/routes.ts'
import { enqueue, outboxState, outboxTable, relayOutbox } from '../../../../src/runtime/outbox/index.ts'
import type { EnqueueOptions, RelayOptions } from '../../../../src/runtime/outbox/index.ts'
import { countOutboxInPrometheus } from '../../../../src/runtime/prometheus/index.ts'
import type { Runtime } from '../../../../src/runtime/index.ts'
import { usePostgres } from '../../../databases/postgres-server.ts'
import { compiledProgram } from '../../support/compiled-program.ts'
import { runtimeVhost, send } from '../runtime-vhost.ts'
import type { RuntimeVhost } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

const postgres = usePostgres()
const program = await compiledProgram('outbox-relay')
let tables = 0
/** The answer of a database to the query for the state of an outbox. */
const ROW = { waiting: 3, oldest: 1_500, parked: 2 }

/** An outbox of one test, its publication `send-email`, and the queue behind it. */
async function outbox() {
  const table = `outbox_${++tables}`
  await postgres.pool.query(outboxTable(table))
  const here = await runtimeVhost()
  await here.ladder({ queue: 'email' })
  const runtime = await here.connect({ publications: [send('email')] })

  /** Enqueues in one transaction. */
  async function transaction(
    work: (add: (body: unknown, options?: EnqueueOptions) => Promise<string>) => Promise<unknown>,
  ): Promise<void> {
    const client = await postgres.pool.connect()
    try {
      await client.query('BEGIN')
      await work((body, options) => enqueue(client, 'send-email', body, { ...options, table }))
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK')
      throw error
    } finally {
      client.release()
    }
  }
  function relay(options: Partial<RelayOptions> & { runtime?: Runtime } = {}) {
    const made = relayOutbox({ pool: postgres.pool, runtime, table, interval: 20, logger: false, ...options })
    onTestFinished(() => made.stop({ deadline: 0 }))
    return made
  }
  async function rows(columns: string): Promise<unknown[]> {
    return (await postgres.pool.query(`SELECT ${columns} FROM ${table} ORDER BY id`)).rows
  }
  return { here, runtime, table, transaction, relay, rows }
}

describe('an outbox', () => {
  it('publishes committed messages, and none that were rolled back', async () => {
    const { here, transaction, relay, rows } = await outbox()
    const parted = transaction(async (add) => {
      await add({ n: 'never' })
      throw new Error('no money')
    })
    await expect(parted).rejects.toThrow('no money')
    await transaction((add) =>
      add({ n: 1 }, { messageId: 'm-1', correlationId: 'order-7', headers: { source: 'shop' }, type: 'paid' }),
    )
    relay()

    const { content, properties } = await here.take('email')
    expect(JSON.parse(content.toString())).toEqual({ n: 1 })
    expect(properties).toMatchObject({ messageId: 'm-1', correlationId: 'order-7', type: 'paid', deliveryMode: 2 })
    expect(properties.headers).toMatchObject({ source: 'shop' })
    await until(async () => JSON.stringify(await rows('sent_at IS NOT NULL AS sent')).includes('true'), 'the mark')
    await pause(200)
    expect(await here.ready('email')).toBe(0)
    expect(await rows('sent_at IS NOT NULL AS sent, attempts, last_error')).toEqual([
      { sent: true, attempts: 0, last_error: null },
    ])
  })

  it('accepts bytes and any JSON value, and refuses everything else', async () => {
    const { here, transaction, relay } = await outbox()
    const bodies = [null, 0, 'text', ['a\u0000b'], { z: 1, a: { b: 1.5 } }]
    await transaction(async (add) => {
      for (const body of bodies) await add(body, { key: 'k' })
      await add(Buffer.from('{"raw":true}'), { key: 'k' })
    })
    await expect(transaction((add) => add(undefined))).rejects.toThrow(
      'the body is undefined, which JSON cannot represent',
    )
    await expect(transaction((add) => add(1, { keys: 'x' } as EnqueueOptions))).rejects.toThrow(
      'enqueue() has no option "keys"',
    )
    relay()

    for (const body of [...bodies, { raw: true }]) {
      expect(JSON.parse((await here.take('email')).content.toString())).toEqual(body)
    }
  })

  it('does not mark a message that the broker has not accepted, and publishes it again until a queue is bound (pitfall 58)', async () => {
    const { here, transaction, relay, rows } = await outbox()
    await here.channel.unbindQueue('email', 'tasks', 'email')
    await transaction(async (add) => {
      await add(1, { key: 'k' })
      await add(2, { key: 'k' })
    })
    relay()
    const tried = await until(async () => {
      const all = await rows('sent_at, attempts, parked_at, last_error')
      return !JSON.stringify(all[0]).includes('"attempts":0') && all
    }, 'the first attempt')
    expect(tried).toEqual([
      {
        sent_at: null,
        attempts: expect.any(Number),
        parked_at: null,
        last_error: expect.stringContaining('no queue is bound'),
      },
      // It waits for the previous one.
      { sent_at: null, attempts: 0, parked_at: null, last_error: null },
    ])
    await here.channel.bindQueue('email', 'tasks', 'email')

    expect((await here.take('email')).content.toString()).toBe('1')
    expect((await here.take('email')).content.toString()).toBe('2')
  })

  it('parks a message that cannot be published, and continues with the next ones', async () => {
    const { here, table, transaction, relay, rows } = await outbox()
    await transaction(async (add) => {
      await add(1, { key: 'k' })
      await add(2, { key: 'k' })
    })
    await postgres.pool.query(`UPDATE ${table} SET options = '{"priority":999}' WHERE body::text = '1'`)
    const register = new Registry()
    countOutboxInPrometheus({ pool: postgres.pool, table, register })
    expect(await outboxState(postgres.pool, table)).toEqual({ waiting: 2, oldest: expect.any(Number), parked: 0 })
    relay()

    expect((await here.take('email')).content.toString()).toBe('2')
    await until(async () => JSON.stringify(await rows('parked_at IS NOT NULL AS parked')).includes('true'), 'the mark')
    expect(await rows('parked_at IS NOT NULL AS parked, last_error')).toEqual([
      { parked: true, last_error: expect.stringContaining('the priority must be from 0 to 255, not 999') },
      { parked: false, last_error: null },
    ])
    expect(await outboxState(postgres.pool, table)).toEqual({ waiting: 0, oldest: 0, parked: 1 })
    const metrics = (await register.metrics()).split('\n')
    expect(metrics).toContain(`warren_outbox_parked{table="${table}"} 1`)
    expect(metrics).toContain(`warren_outbox_waiting{table="${table}"} 0`)
    expect(metrics).toContain(`warren_outbox_oldest_seconds{table="${table}"} 0`)
    // After it is corrected, it is published.
    await postgres.pool.query(`UPDATE ${table} SET options = '{}', parked_at = NULL WHERE parked_at IS NOT NULL`)
    expect((await here.take('email')).content.toString()).toBe('1')
  })

  it('parks nothing when the runtime is closed meanwhile', async () => {
    const { runtime, transaction, relay, rows } = await outbox()
    const running = relay()
    await runtime.close()
    await transaction((add) => add(1))
    await running.stop()
    expect(await rows('sent_at, parked_at, attempts')).toEqual([{ sent_at: null, parked_at: null, attempts: 0 }])
  })

  it('deletes sent messages after the configured time', async () => {
    const { here, transaction, relay, rows } = await outbox()
    await transaction((add) => add(1))
    const first = relay()
    await here.take('email')
    await first.stop()
    await transaction((add) => add(2))
    relay({ keepSent: 0 })
    await here.take('email')
    await until(async () => (await rows('id')).length === 0, 'both rows to go')
    expect(await here.ready('email')).toBe(0)
  })

  it('keeps the order of a key over concurrent transactions and three relays', async () => {
    const { here, transaction, relay } = await outbox()
    for (let n = 0; n < 3; n++) relay({ batch: 5 })
    const committed = new Map<string, number[]>()
    await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        transaction(async (add) => {
          const key = `k${n % 4}`
          await add({ key, n }, { key })
          // Other transactions with this key wait here, so this is the order of the commits.
          committed.set(key, [...(committed.get(key) ?? []), n])
          await pause(Math.random() * 10)
        }),
      ),
    )
    const arrived = await takeAll(here, 120)
    expect(arrived).toHaveLength(120)
    for (const [key, numbers] of committed) {
      expect(arrived.filter((each) => each.key === key).map(({ n }) => n)).toEqual(numbers)
    }
  })

  it('loses nothing and keeps the order of each key while relays and the database are killed', async () => {
    const { here, runtime, table, transaction } = await outbox()
    await runtime.close()
    const KEYS = 5
    const EACH = 60
    for (let n = 0; n < EACH; n++) {
      await transaction(async (add) => {
        for (let key = 0; key < KEYS; key++) await add({ key: `k${key}`, n }, { key: `k${key}` })
      })
    }

    const relays = [startRelay(here, table), startRelay(here, table)]
    const sent = async (): Promise<number> => (await here.ready('email')) + taken.length
    const taken: { key: string; n: number }[] = []
    for (const [index, share] of [40, 90, 140].entries()) {
      await until(async () => (await sent()) >= share, `${share} messages`)
      const killed = relays[index]
      killed?.kill('SIGKILL')
      if (killed) await once(killed, 'exit')
      relays.push(startRelay(here, table))
    }
    await until(async () => (await sent()) >= 180, 'messages after the kills')
    await postgres.kill()
    await pause(500)
    await postgres.start()
    await until(async () => {
      const { rows } = await postgres.pool
        .query(`SELECT FROM ${table} WHERE sent_at IS NULL`)
        .catch(() => ({ rows: [1] }))
      return rows.length === 0
    }, 'all to be sent')

    taken.push(...(await takeAll(here, await here.ready('email'))))
    for (let key = 0; key < KEYS; key++) {
      const numbers = taken.filter((each) => each.key === `k${key}`).map(({ n }) => n)
      // Some messages arrived twice, but their first copies were in order.
      expect([...new Set(numbers)]).toEqual(Array.from({ length: EACH }, (_, n) => n))
    }
    for (const relay of relays.slice(3)) {
      relay.kill('SIGTERM')
      expect(await once(relay, 'exit')).toEqual([0, null])
    }
  })

  it('has metrics without a value while the database does not answer', async () => {
    const register = new Registry()
    let isThere = true
    const pool = { query: () => (isThere ? Promise.resolve({ rows: [ROW] }) : Promise.reject(new Error('gone'))) }
    countOutboxInPrometheus({ pool, register })
    countOutboxInPrometheus({ pool, table: 'other', register })
    expect(await register.metrics()).toContain('warren_outbox_oldest_seconds{table="other"} 1.5')
    isThere = false
    expect(await register.metrics()).not.toContain('table=')
  })

  it('refuses invalid times and names', async () => {
    const { relay } = await outbox()
    expect(() => relay({ batch: 0 })).toThrow('batch must be a whole number of at least 1, not 0')
    expect(() => outboxTable('a b')).toThrow('"a b" is not the name of a table')
  })
})

function startRelay(here: RuntimeVhost, table: string): ChildProcess {
  const routes: Routes = { publications: [{ ...send('email'), vhost: here.vhost }], subscriptions: [] }
  const child = spawn(process.execPath, [program], {
    env: {
      ...process.env,
      WARREN_AMQP_URL: here.url,
      TEST_ROUTES: JSON.stringify(routes),
      TEST_POSTGRES: postgres.url,
      TEST_TABLE: table,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: child.stdout })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function takeAll(here: RuntimeVhost, count: number): Promise<{ key: string; n: number }[]> {
  const taken: { key: string; n: number }[] = []
  while (taken.length < count) {
    taken.push(JSON.parse((await here.take('email')).content.toString()) as { key: string; n: number })
  }
  return taken
}
