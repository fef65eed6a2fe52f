import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Deadlines } from '../../../src/runtime/publish/deadlines.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('Deadlines', () => {
  it('expire on time, each with its own timeout, unless they were ended before', () => {
    const deadlines = new Deadlines<() => void>((end) => end())
    const ended: string[] = []
    deadlines.begin(100, () => ended.push('a'))
    const before = deadlines.begin(100, () => ended.push('b'))
    deadlines.begin(50, () => ended.push('c'))
    vi.advanceTimersByTime(40)
    deadlines.begin(100, () => ended.push('d'))
    deadlines.end(before)

    vi.advanceTimersByTime(20)
    expect(ended).toEqual(['c'])
    vi.advanceTimersByTime(40)
    expect(ended).toEqual(['c', 'a'])
    vi.advanceTimersByTime(40)
    expect(ended).toEqual(['c', 'a', 'd'])
  })

  it('leave no timer behind that would keep the process', () => {
    const deadlines = new Deadlines<() => void>((end) => end())
    const all = Array.from({ length: 3 }, () => deadlines.begin(100, () => undefined))
    expect(vi.getTimerCount()).toBe(1)
    for (const each of all) deadlines.end(each)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('let a callback start another deadline', () => {
    const deadlines = new Deadlines<() => void>((end) => end())
    const ended: number[] = []
    deadlines.begin(100, () => {
      ended.push(1)
      deadlines.begin(100, () => ended.push(2))
    })
    vi.advanceTimersByTime(200)
    expect(ended).toEqual([1, 2])
    expect(vi.getTimerCount()).toBe(0)
  })
})
