import { describe, expect, it } from 'vitest'
import { growingPause, jitteredPause, RECONNECT } from '../../../src/runtime/connection/backoff.ts'

describe('the pause between two attempts to reach the broker', () => {
  it('grows up to a limit, and never ends (pitfall 53)', () => {
    const tries = [0, 1, 2, 8, 9, 1_000, 1e9]
    expect(tries.map((each) => growingPause(RECONNECT, each))).toEqual([100, 200, 400, 25_600, 30_000, 30_000, 30_000])
  })

  it('is random in each process, starting from zero (pitfall 54)', () => {
    const pauses = Array.from({ length: 200 }, () => jitteredPause(RECONNECT, 3))
    expect(Math.max(...pauses)).toBeLessThanOrEqual(800)
    expect(Math.min(...pauses)).toBeLessThan(200)
    expect(new Set(pauses).size).toBeGreaterThan(190)
  })
})
