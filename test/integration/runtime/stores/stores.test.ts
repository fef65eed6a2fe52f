import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idempotencyTable, memoryStore, postgresStore, redisStore } from '../../../../src/runtime/idempotency/index.ts'
import type { IdempotencyStore } from '../../../../src/runtime/idempotency/index.ts'
import { fileOffsets, offsetsTable, postgresOffsets, redisOffsets } from '../../../../src/runtime/offsets/index.ts'
import type { OffsetStore } from '../../../../src/runtime/offsets/index.ts'
import { subscription } from '../../../runtime/routes.ts'
import { usePostgres } from '../../../databases/postgres-server.ts'
import { useRedis } from '../../../databases/redis-server.ts'
import { until } from '../../support/until.ts'
import { runtimeVhost } from '../runtime-vhost.ts'

const redis = useRedis()
const postgres = usePostgres()

beforeAll(async () => {
  await postgres.pool.query(idempotencyTable())
  await postgres.pool.query(offsetsTable())
})

const MINUTE = 60_000
/** Long enough that the next request arrives before the lease expires. */
const SOON = 2_000

describe.each<[string, () => IdempotencyStore]>([
  ['in memory', () => memoryStore()],
  ['in Redis', () => redisStore(redis.client)],
  ['in PostgreSQL', () => postgresStore(postgres.pool)],
])('an idempotency store %s', (_where, make) => {
  it('gives a key to one of many that request it at once', async () => {
    const store = make()
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => store.acquire(key, `holder-${n}`, MINUTE)))

    expect(answers.filter((each) => each === 'acquired')).toHaveLength(1)
    expect(answers.filter((each) => each === 'busy')).toHaveLength(49)
  })

  it('recognizes completed messages', async () => {
    const store = make()
    const key = randomUUID()
    expect(await store.acquire(key, 'a', MINUTE)).toBe('acquired')
    await store.complete(key, 'a', MINUTE)

    expect(await store.acquire(key, 'b', MINUTE)).toBe('done')
    expect(await store.acquire(key, 'a', MINUTE)).toBe('done')
    await store.release(key, 'a')
    expect(await store.acquire(key, 'b', MINUTE)).toBe('done')
    expect(await store.acquire(randomUUID(), 'b', MINUTE)).toBe('acquired')
  })

  it('frees a lease only when its holder releases it', async () => {
    const store = make()
    const key = randomUUID()
    await store.acquire(key, 'a', MINUTE)
    await store.release(key, 'b')
    expect(await store.acquire(key, 'b', MINUTE)).toBe('busy')
    await store.release(key, 'a')
    expect(await store.acquire(key, 'b', MINUTE)).toBe('acquired')
  })

  it('frees a lease that its holder no longer renews, and ignores the late holder', async () => {
    const store = make()
    const key = randomUUID()
    await store.acquire(key, 'dead', SOON)
    expect(await store.acquire(key, 'next', MINUTE)).toBe('busy')
    await until(async () => (await store.acquire(key, 'next', MINUTE)) === 'acquired', 'the end of the lease')

    await store.complete(key, 'dead', MINUTE)
    await store.release(key, 'dead')
    expect(await store.acquire(key, 'third', MINUTE)).toBe('busy')
  })

  it('extends the lease of its holder', async () => {
    const store = make()
    const key = randomUUID()
    await store.acquire(key, 'a', 500)
    expect(await store.acquire(key, 'a', MINUTE)).toBe('acquired')
    await pause(550)
    expect(await store.acquire(key, 'b', MINUTE)).toBe('busy')
  })

  it('forgets completed messages after the configured time', async () => {
    const store = make()
    const key = randomUUID()
    await store.acquire(key, 'a', MINUTE)
    await store.complete(key, 'a', SOON)
    expect(await store.acquire(key, 'b', MINUTE)).toBe('done')
    await until(async () => (await store.acquire(key, 'b', MINUTE)) === 'acquired', 'the end of its time')
  })
})

describe('the store in memory', () => {
  it('keeps at most its maximum, and forgets the least recently used', async () => {
    const store = memoryStore({ max: 2 })
    for (const key of ['1', '2', '3']) {
      await store.acquire(key, 'a', MINUTE)
      await store.complete(key, 'a', MINUTE)
    }
    expect(await store.acquire('3', 'b', MINUTE)).toBe('done')
    expect(await store.acquire('2', 'b', MINUTE)).toBe('done')
    expect(await store.acquire('1', 'b', MINUTE)).toBe('acquired')
    expect(() => memoryStore({ max: 0 })).toThrow('max must be a positive whole number, not 0')
  })
})

describe('the store in Redis', () => {
  it('keeps its marks when Redis is killed and started again with its file', async () => {
    const store = redisStore(redis.client, { prefix: 'shop:' })
    await store.acquire('k', 'a', MINUTE)
    await store.complete('k', 'a', MINUTE)
    await redis.restart()

    expect(await store.acquire('k', 'b', MINUTE)).toBe('done')
    expect(await redis.client.keys('shop:*')).toEqual(['shop:k'])
  })
})

describe('the store in PostgreSQL', () => {
  it('deletes expired entries, and accepts a table of another name', async () => {
    const { pool } = postgres
    await pool.query('CREATE SCHEMA app')
    await pool.query(idempotencyTable('app.marks'))
    const store = postgresStore(pool, { table: 'app.marks' })
    await store.acquire('old', 'a', 1)
    await store.acquire('new', 'a', MINUTE)
    await pause(20)
    await store.complete('new', 'a', MINUTE)

    expect((await pool.query('SELECT key, holder FROM app.marks')).rows).toEqual([{ key: 'new', holder: null }])
    expect(() => postgresStore(pool, { table: 'a; DROP TABLE b' })).toThrow('is not the name of a table')
  })
})

describe('a store of offsets', () => {
  let folder = ''
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'warren-offsets-'))))
  afterAll(() => rm(folder, { recursive: true }))

  const file = () => fileOffsets(join(folder, 'offsets.json'))
  const STORES: [string, () => OffsetStore][] = [
    ['in Redis', () => redisOffsets(redis.client)],
    ['in PostgreSQL', () => postgresOffsets(postgres.pool)],
    ['in a file', file],
  ]

  it.each(STORES)('%s keeps the largest offset of each name', async (_where, make) => {
    const [name, other] = [`shop/log/${randomUUID()}`, `shop/log/${randomUUID()}`]
    expect(await make().read(name)).toBeUndefined()
    await make().write(name, 2 ** 40)
    const store = make()
    await Promise.all([store.write(name, 5), store.write(other, 0)])

    expect([await make().read(name), await make().read(other)]).toEqual([2 ** 40, 0])
  })

  it('lets the next run of a subscription continue where the last one ended', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('log', { arguments: { 'x-queue-type': 'stream' } })
    const log = subscription({ name: 'log', queue: 'log', queueType: 'stream', offset: { kind: 'first' } })
    const send = (from: number, to: number) => {
      for (let n = from; n < to; n++) here.channel.sendToQueue('log', Buffer.from(String(n)))
    }
    const bodies: number[] = []
    const runUntil = async (last: number) => {
      const runtime = await here.connect({ subscriptions: [log] })
      const consumer = await runtime.consume<number>('log', (body) => bodies.push(body), { offsets: file() })
      await until(() => bodies.includes(last), `message ${last}`)
      await consumer.stop()
      await runtime.close()
    }
    send(0, 20)
    await runUntil(19)
    send(20, 40)
    await runUntil(39)

    expect(bodies).toEqual(Array.from({ length: 40 }, (_, n) => n))
    expect(await file().read(`${encodeURIComponent(here.vhost)}/log/log`)).toBe(40)
  })
})
