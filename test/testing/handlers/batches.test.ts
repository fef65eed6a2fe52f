import { describe, expect, it } from 'vitest'
import type { BatchMessage, BatchOptions } from '../../../src/runtime/index.ts'
import { RouteError } from '../../../src/runtime/index.ts'
import { createTestRuntime } from '../../../src/testing/handlers/create-test-runtime.ts'
import { emails, LADDER } from './emails.ts'

const OPTIONS: BatchOptions = { size: 3, maxWait: 1_000 }

/** A runtime with the given handler of batches, and the recipients of each batch so far. */
async function batched(handler: (batch: readonly BatchMessage[]) => unknown = () => undefined, options = OPTIONS) {
  const runtime = await createTestRuntime(emails({ failure: LADDER }))
  const batches: string[][] = []
  const consumer = await runtime.consumeBatch('emails', options, (batch) => {
    batches.push(batch.map(({ body }) => (body as { to: string }).to))
    return handler(batch)
  })
  const deliver = (...to: string[]) => to.map((each) => runtime.deliver('emails', { body: { to: each } }))
  return { runtime, batches, consumer, deliver }
}

describe('a batch', () => {
  it('is handled when it is full, and acknowledges its messages when the handler returns', async () => {
    const { batches, deliver } = await batched()

    const outcomes = await Promise.all(deliver('ann', 'bob', 'cat'))

    expect(batches).toEqual([['ann', 'bob', 'cat']])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
  })

  it('is handled when its first message has waited long enough', async () => {
    const { runtime, batches, deliver } = await batched()
    const [first] = deliver('ann')
    await runtime.advance(600)
    const [second] = deliver('bob')

    await runtime.advance(399)
    expect(batches).toEqual([])
    await runtime.advance(1)

    expect(batches).toEqual([['ann', 'bob']])
    expect([await first, await second]).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }])
  })

  it('fails as a whole when the handler throws, and each message is retried', async () => {
    const { runtime, deliver } = await batched(() => {
      throw new Error('the database is down')
    })

    const outcomes = await Promise.all(deliver('ann', 'bob', 'cat'))

    expect(outcomes).toMatchObject(Array.from({ length: 3 }, () => ({ outcome: 'retried', delay: 5_000 })))
    expect(runtime.waiting()).toHaveLength(3)
  })

  it('settles its messages one by one by the results that the handler returns', async () => {
    const { deliver } = await batched((batch) =>
      Promise.allSettled(
        batch.map(async ({ body }) => {
          if ((body as { to: string }).to === 'bob') throw new Error('no such mailbox')
        }),
      ),
    )

    const outcomes = await Promise.all(deliver('ann', 'bob', 'cat'))

    expect(outcomes).toMatchObject([
      { outcome: 'done' },
      { outcome: 'retried', error: { message: 'no such mailbox' } },
      { outcome: 'done' },
    ])
  })

  it('fails as a whole when there is not one result for each message', async () => {
    const { deliver } = await batched(() => Promise.allSettled([Promise.resolve(), Promise.resolve()]))

    const outcomes = await Promise.all(deliver('ann', 'bob', 'cat'))

    expect(outcomes).toMatchObject(
      Array.from({ length: 3 }, () => ({
        outcome: 'retried',
        error: { message: 'the handler returned 2 results for a batch of 3 messages' },
      })),
    )
  })

  it.each([[[{ rows: 3 }]], [{ rowCount: 3 }], [[]]])('ignores any other result: %j', async (result) => {
    const { deliver } = await batched(() => result)
    expect(await Promise.all(deliver('ann', 'bob', 'cat'))).toMatchObject([
      { outcome: 'done' },
      { outcome: 'done' },
      { outcome: 'done' },
    ])
  })

  it('leaves out a message that is invalid, which goes to the dead letters', async () => {
    const { runtime, batches, deliver } = await batched()
    const good = deliver('ann', 'bob')
    const wrong = await runtime.deliver('emails', { body: Buffer.from('{') })
    await Promise.all([...good, ...deliver('cat')])

    expect(wrong).toMatchObject({ outcome: 'deadLettered', reason: 'invalid' })
    expect(batches).toEqual([['ann', 'bob', 'cat']])
  })

  it('leaves out a message whose time is over before the batch begins', async () => {
    const { runtime, batches, deliver } = await batched(undefined, { ...OPTIONS, maxWait: 60_000, timeout: 1_000 })
    const late = deliver('ann')
    await runtime.advance(1_000)
    expect(await Promise.all(late)).toMatchObject([{ outcome: 'retried', reason: 'timeout' }])

    await Promise.all(deliver('bob', 'cat'))

    expect(batches).toEqual([['bob', 'cat']])
  })

  it('waits while as many batches are handled as may be at once', async () => {
    const ends: (() => void)[] = []
    const { runtime, batches, deliver } = await batched(() => new Promise<void>((resolve) => ends.push(resolve)))
    const first = deliver('ann')
    await runtime.advance(1_000)
    const second = deliver('bob', 'cat', 'dan')
    await runtime.advance(5_000)
    expect(batches).toEqual([['ann']])

    ends[0]?.()
    await Promise.all(first)
    await runtime.advance(0)
    expect(batches).toEqual([['ann'], ['bob', 'cat', 'dan']])
    ends[1]?.()
    await Promise.all(second)
  })

  it('is handled at once when the consumer stops', async () => {
    const { batches, consumer, deliver } = await batched()
    const outcomes = deliver('ann', 'bob')

    expect(await consumer.stop()).toMatchObject({ finished: 2, requeued: 0, aborted: 0 })

    expect(batches).toEqual([['ann', 'bob']])
    expect(await Promise.all(outcomes)).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }])
  })

  it.each([
    [{ size: 0 }, 'size must be a whole number from 1 to 10000, not 0'],
    [{}, 'size must be a whole number from 1 to 10000, not undefined'],
    [{ size: 10, maxWait: -1 }, 'maxWait must be a whole number from 0 to 60000, not -1'],
    [{ size: 10_000, concurrency: 7 }, 'concurrency must be a whole number from 1 to 6, not 7'],
    [{ size: 10, prefetch: 9 }, 'a prefetch of 9 never fills a batch of 10'],
    [{ size: 10, concurrency: 3, prefetch: 29 }, 'a prefetch of 29 never fills 3 batches of 10'],
    [{ size: 10, maxwait: 1 }, 'has no option "maxwait"'],
    [undefined, 'needs options'],
  ])('is refused with the options %j', async (options, message) => {
    const runtime = await createTestRuntime(emails())
    const refused = runtime.consumeBatch('emails', options as BatchOptions, () => undefined)
    await expect(refused).rejects.toThrow(RouteError)
    await expect(refused).rejects.toThrow(message)
  })

  it('is refused without a handler', async () => {
    const runtime = await createTestRuntime(emails())
    const refused = runtime.consumeBatch('emails', OPTIONS, undefined as never)
    await expect(refused).rejects.toThrow('consumeBatch("emails") needs a handler')
  })
})
