import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { idempotencyTable, memoryStore, postgresStore, redisStore } from '../../../../src/runtime/idempotency/index.ts'
import type { IdempotencyStore } from '../../../../src/runtime/idempotency/index.ts'
import { usePostgres } from '../../../databases/postgres-server.ts'
import { useRedis } from '../../../databases/redis-server.ts'
import { keep, ownLogin, routesOf, runtimeVhost } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

const redis = useRedis()
const postgres = usePostgres()

beforeAll(async () => void (await postgres.pool.query(idempotencyTable())))

const byId = { idempotencyKey: 'messageId' }

describe('a subscription with idempotencyKey', () => {
  it('handles a message once that was published twice, without any set-up', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { idempotencyKey: 'task.id' }))
    const warnings = keep(runtime, 'idempotencyInMemory')
    const duplicates = keep(runtime, 'duplicate')
    const handled = keep(runtime, 'handled')
    const seen: unknown[] = []
    const first = await runtime.consume('emails', (body) => seen.push(body))
    await first.stop()
    await runtime.consume('emails', (body) => seen.push(body))
    // This happens once, however often it consumes.
    expect(warnings).toEqual([{ subscription: 'emails' }])

    await runtime.publish('send-email', { task: { id: 1 }, n: 'first' })
    await until(() => handled.length === 1, 'the first one')
    await runtime.publish('send-email', { task: { id: 1 }, n: 'again' }, { messageId: 'm-2', correlationId: 'c' })
    await runtime.publish('send-email', { task: { id: 2 }, n: 'other' })

    await until(() => handled.length === 3, 'all three')
    expect(seen).toEqual([
      { task: { id: 1 }, n: 'first' },
      { task: { id: 2 }, n: 'other' },
    ])
    expect(duplicates).toEqual([
      { subscription: 'emails', queue: 'email', messageId: 'm-2', correlationId: 'c', attempt: 1 },
    ])
    expect(handled.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'done', 'duplicate'])
    expect(await here.ready('email')).toBe(0)
  })

  it('retries a failed message, and recognizes it only after it is done (pitfall 56)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20, 20] })
    const runtime = await here.connect(routesOf('email', failure, byId), {
      idempotency: { store: redisStore(redis.client, { prefix: 'failed:' }) },
    })
    const warnings = keep(runtime, 'idempotencyInMemory')
    const handled = keep(runtime, 'handled')
    let tries = 0
    await runtime.consume('emails', () => {
      if (++tries < 3) throw new Error('not yet')
    })

    await runtime.publish('send-email', {}, { messageId: 'm-1' })
    expect(warnings).toEqual([])
    await until(() => handled.length === 3, 'three attempts')
    await runtime.publish('send-email', {}, { messageId: 'm-1' })
    await until(() => handled.length === 4, 'the duplicate')
    expect(handled.map(({ outcome, attempt }) => `${attempt} ${outcome}`)).toEqual([
      '1 error',
      '2 error',
      '3 done',
      '1 duplicate',
    ])
    expect(tries).toBe(3)
  })

  it('lets one of two processes work on a message, and the other wait for its outcome', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    let running = 0
    let most = 0
    let done = 0
    let renewals = 0
    const inRedis = redisStore(redis.client, { prefix: 'two:' })
    const store: IdempotencyStore = {
      ...inRedis,
      async acquire(key, holder, lease) {
        const answer = await inRedis.acquire(key, holder, lease)
        if (answer === 'acquired') renewals++
        return answer
      },
    }
    const runtimes = await Promise.all(
      [1, 2].map(async () => {
        const runtime = await here.connect(routesOf('email', failure, { ...byId, prefetch: 1 }), {
          idempotency: { store, lease: 3_000 },
        })
        const duplicates = keep(runtime, 'duplicate')
        await runtime.consume('emails', async () => {
          most = Math.max(most, ++running)
          // Longer than the lease, which the runtime renews after a third of its time.
          await until(() => renewals > 4, 'the renewals')
          running--
          done++
        })
        return { runtime, duplicates }
      }),
    )
    for (const { runtime } of runtimes) await runtime.publish('send-email', {}, { messageId: 'same' })

    await until(() => runtimes.flatMap(({ duplicates }) => duplicates).length === 1, 'the duplicate')
    expect([done, most]).toEqual([1, 1])
    expect(await here.ready('email')).toBe(0)
  })

  it('does not repeat the work for a message whose channel was lost before the acknowledgement (work done, ack lost) (pitfall 55)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const { url, closeConnections } = await ownLogin(here.vhost)
    const runtime = await here.connect(routesOf('email', failure, byId), { url, idempotency: { store: memoryStore() } })
    const handled = keep(runtime, 'handled')
    const started: boolean[] = []
    await runtime.consume('emails', async (_body, { redelivered, signal }) => {
      started.push(redelivered)
      while (!signal.aborted) await pause(20)
      await pause(300)
    })
    await runtime.publish('send-email', {}, { messageId: 'm-1' })
    await until(() => started.length === 1, 'the handler')
    await closeConnections(2)

    await until(() => handled.length === 2, 'both deliveries')
    expect(handled.map(({ outcome }) => outcome)).toEqual(['lost', 'duplicate'])
    expect(started).toEqual([false])
    await until(async () => (await here.ready('email')) === 0, 'an empty queue')
  })

  it('gives the message of a dead worker to another worker when the lease expires (pitfall 56)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const inDatabase = postgresStore(postgres.pool)
    const answers: string[] = []
    const store: IdempotencyStore = {
      ...inDatabase,
      async acquire(key, holder, lease) {
        // Right before the live worker asks for the lease.
        if (answers.length === 0) answers.push(await inDatabase.acquire(key, 'a worker that has died', 2_000))
        const answer = await inDatabase.acquire(key, holder, lease)
        answers.push(answer)
        return answer
      },
    }
    const runtime = await here.connect(routesOf('email', failure, byId), { idempotency: { store } })
    const handled = keep(runtime, 'handled')
    await runtime.consume('emails', () => undefined)

    await runtime.publish('send-email', {}, { messageId: 'm-1' })
    await until(() => handled.length === 1, 'the message')
    expect(answers.filter((answer) => answer === 'acquired')).toHaveLength(2)
    expect(answers.slice(0, 2)).toEqual(['acquired', 'busy'])
    expect(handled[0]).toMatchObject({ outcome: 'done', messageId: 'm-1', attempt: 1 })
  })

  it('holds messages without a lease while the database is down, and counts no failure', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const runtime = await here.connect(routesOf('email', failure, byId), {
      idempotency: { store: postgresStore(postgres.pool) },
    })
    const failed = keep(runtime, 'idempotencyFailed')
    const handled = keep(runtime, 'handled')
    await runtime.consume('emails', () => undefined)
    await postgres.kill()
    await runtime.publish('send-email', {}, { messageId: 'held' })
    await until(() => failed.length >= 2, 'two attempts to acquire the lease')
    expect(handled).toEqual([])
    await postgres.start()

    await until(() => handled.length === 1, 'the message')
    expect(handled[0]).toMatchObject({ outcome: 'done', messageId: 'held', attempt: 1 })
    expect(failed[0]).toMatchObject({ subscription: 'emails', messageId: 'held', error: expect.any(Error) })
  })

  it('treats the same message in two queues as two messages (pitfall 57)', async () => {
    const here = await runtimeVhost()
    const routes = [
      routesOf('email', await here.ladder({ queue: 'email' }), byId),
      routesOf('audit', await here.ladder({ queue: 'audit' }), byId),
    ]
    const runtime = await here.connect({
      publications: routes.flatMap(({ publications }) => publications),
      subscriptions: routes.flatMap(({ subscriptions }) => subscriptions),
    })
    const seen: string[] = []
    for (const name of ['emails', 'audits']) await runtime.consume(name, () => seen.push(name))

    await runtime.publish('send-email', {}, { messageId: 'm-1' })
    await runtime.publish('send-audit', {}, { messageId: 'm-1' })
    await until(() => seen.length === 2, 'both')
    expect(seen.toSorted()).toEqual(['audits', 'emails'])
  })

  it('handles a message without the key at each delivery, and reports it', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const runtime = await here.connect(routesOf('email', failure, { idempotencyKey: 'task_id' }))
    const missing = keep(runtime, 'keyMissing')
    let handled = 0
    await runtime.consume('emails', () => handled++)

    for (const messageId of ['m-1', 'm-1']) await runtime.publish('send-email', {}, { messageId })
    await until(() => handled === 2, 'both')
    expect(missing.map(({ messageId }) => messageId)).toEqual(['m-1', 'm-1'])
  })

  it('can be switched off, and refuses invalid times', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const routes = routesOf('email', failure, byId)
    const runtime = await here.connect(routes, { idempotency: false })
    let handled = 0
    await runtime.consume('emails', () => handled++)
    for (const messageId of ['m-1', 'm-1']) await runtime.publish('send-email', {}, { messageId })
    await until(() => handled === 2, 'both')

    await expect(here.connect(routes, { idempotency: { lease: 10 } })).rejects.toThrow(
      'idempotency.lease must be whole milliseconds from 1000 to 2147483647, not 10',
    )
  })
})
