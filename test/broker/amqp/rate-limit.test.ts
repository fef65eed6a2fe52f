import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Rate } from '../../../src/model/routes.ts'
import { RateLimit } from '../../../src/broker/amqp/rate-limit.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** The times of a busy consumer's turns, with timers that are up to `late` milliseconds late. */
function turns(rate: Rate, turnsWanted: number, late: (turn: number) => number): number[] {
  const limit = new RateLimit(rate)
  const times: number[] = []
  while (times.length < turnsWanted) {
    const wait = limit.take()
    if (wait === 0) times.push(performance.now())
    else vi.advanceTimersByTime(wait + late(times.length))
  }
  return times
}

/** The most turns in any window of this length. */
function mostWithin(times: readonly number[], length: number): number {
  let most = 0
  let from = 0
  for (const [to, time] of times.entries()) {
    while (time - (times[from] ?? 0) >= length) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

const rates: Rate[] = [
  { count: 50, per: 1_000 },
  { count: 3_000, per: 60_000 },
  { count: 1, per: 1_000 },
  { count: 10, per: 3_600_000 },
  { count: 2_000, per: 1_000 },
]

describe('RateLimit', () => {
  it.each(rates)('starts at most $count in any $per ms, from the first moment on', (rate) => {
    for (const late of [() => 0, (turn: number) => turn % 3, (turn: number) => (turn % 40 === 0 ? 500 : 1)]) {
      const times = turns(rate, rate.count * 2 + 5, late)
      expect(mostWithin(times, rate.per)).toBeLessThanOrEqual(rate.count)
    }
  })

  it.each([
    [{ count: 50, per: 1_000 }, 0.96],
    [{ count: 2_000, per: 1_000 }, 0.96],
  ])('comes close to the rate %j although timers are late', (rate, share) => {
    const wanted = rate.count * 5
    const times = turns(rate, wanted, () => 1)
    const perInterval = ((wanted - 1) / ((times.at(-1) ?? 0) - (times[0] ?? 0))) * rate.per
    expect(perInterval).toBeGreaterThan(rate.count * share)
  })

  it('is shared by callers that take turns', () => {
    const limit = new RateLimit({ count: 50, per: 1_000 })
    const times: number[] = []
    // Two subscriptions that always have something to start.
    for (let turn = 0; times.length < 100; turn++) {
      const wait = limit.take()
      if (wait === 0) times.push(performance.now())
      else vi.advanceTimersByTime(turn % 2 === 0 ? wait : 1)
    }
    expect(mostWithin(times, 1_000)).toBeLessThanOrEqual(50)
  })
})
