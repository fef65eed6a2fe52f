import { describe, expect, it } from 'vitest'
import { consumeSettings } from '../../../src/runtime/consume/consume-options.ts'
import { subscription } from '../routes.ts'

describe('consumeSettings', () => {
  it('refuses a rate and an offset in the notation of a topology file, instead of ignoring them', () => {
    const rateLimit = '50/s' as unknown as { count: number; per: number }
    expect(() => consumeSettings(subscription(), { rateLimit })).toThrow(
      'rateLimit must be such as { count: 50, per: 1000 } for 50 in 1,000 ms, not "50/s"',
    )
    const offset = 'first' as unknown as { kind: 'first' }
    expect(() => consumeSettings(subscription(), { offset })).toThrow("offset must be such as { kind: 'first' }")
  })

  it('has defaults for a subscription that says nothing (pitfall 50)', () => {
    expect(consumeSettings(subscription(), {})).toEqual({
      prefetch: 20,
      concurrency: 10,
      rateLimit: undefined,
      timeout: 1_500_000,
      timeoutFromReceipt: true,
      offset: undefined,
      isStream: false,
      poisonAfter: 15,
    })
  })

  it('uses the declared values, with precedence for those of the program', () => {
    const declared = subscription({ prefetch: 50, concurrency: 5, timeout: 1_000 })
    expect(consumeSettings(declared, {})).toMatchObject({
      prefetch: 50,
      concurrency: 5,
      timeout: 1_000,
      timeoutFromReceipt: false,
    })
    expect(consumeSettings(declared, { prefetch: 3, timeout: 7 })).toMatchObject({
      prefetch: 3,
      concurrency: 3,
      timeout: 7,
    })
  })

  it('prefetches twice the concurrency, within bounds (pitfall 50)', () => {
    expect(consumeSettings(subscription({ concurrency: 40 }), {})).toMatchObject({ prefetch: 80, concurrency: 40 })
    expect(consumeSettings(subscription({ concurrency: 1_000 }), {})).toMatchObject({ prefetch: 300, concurrency: 300 })
  })

  it('lowers the prefetch to what a slow rate can begin within the consumer timeout of the broker (pitfall 59)', () => {
    const slow = subscription({ prefetch: 100, rateLimit: { count: 10, per: 3_600_000 } })
    expect(consumeSettings(slow, {})).toMatchObject({ prefetch: 1, concurrency: 1 })
    expect(consumeSettings(subscription({ rateLimit: { count: 50, per: 1_000 } }), {})).toMatchObject({ prefetch: 20 })
  })

  it('runs one handler at a time on a stream, which is about order', () => {
    expect(consumeSettings(subscription({ queueType: 'stream' }), {})).toMatchObject({
      prefetch: 2,
      concurrency: 1,
      isStream: true,
    })
  })

  it.each([{ prefetch: 0 }, { concurrency: 1.5 }, { timeout: -1 }, { prefetch: 70_000 }, { timeout: 2 ** 31 }])(
    'refuses %j',
    (options) => {
      expect(() => consumeSettings(subscription(), options)).toThrow(RangeError)
    },
  )

  it('requires a store of offsets for a super stream, and a beginning that fits every partition', () => {
    const sharing = {
      partitions: [{ queue: 'o-0', lock: 'o.lock.s-0' }],
      workers: 'o.workers.s',
      waiting: 'o.waiting.s',
    }
    const shared = subscription({ name: 's', queue: 'o', queueType: 'stream', sharing, offset: { kind: 'first' } })
    const offsets = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() }

    expect(consumeSettings(shared, { offsets })).toMatchObject({ isStream: true, offset: { kind: 'first' } })
    expect(consumeSettings(shared, { offsets, offset: { kind: 'time', time: 0 } })).toMatchObject({ concurrency: 1 })
    expect(() => consumeSettings(shared, {})).toThrow(
      'consume("s"): a subscription to the super stream "o" needs a store of offsets, with which another worker continues',
    )
    expect(() => consumeSettings(shared, { offsets, offset: { kind: 'next' } })).toThrow(
      `consume("s"): a subscription to a super stream begins at { kind: 'first' } or a time, not {"kind":"next"}`,
    )
  })
})
