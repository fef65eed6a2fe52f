import { describe, expect, it } from 'vitest'
import { type Deaths, isCycle, withDeath } from '../../../src/insight/routing/deaths.ts'

function deathsOf(version: string, ...deaths: readonly (readonly [string, 'rejected' | 'expired'])[]): Deaths {
  return deaths.reduce<Deaths>((history, [queue, reason]) => withDeath(history, queue, reason, version), [])
}

describe('withDeath', () => {
  it('counts the deaths of one queue and reason in one row, the newest row first', () => {
    expect(deathsOf('4.0.5', ['a', 'expired'], ['b', 'expired'], ['a', 'expired'])).toEqual([
      { queue: 'a', reason: 'expired', count: 2 },
      { queue: 'b', reason: 'expired', count: 1 },
    ])
  })

  it('reverses the older rows on 3.10', () => {
    const story = [
      ['a', 'rejected'],
      ['b', 'expired'],
      ['c', 'expired'],
    ] as const

    expect(deathsOf('3.10.8', ...story).map(({ queue }) => queue)).toEqual(['c', 'a', 'b'])
    expect(deathsOf('4.0.5', ...story).map(({ queue }) => queue)).toEqual(['c', 'b', 'a'])
  })
})

describe('isCycle', () => {
  it('finds a message that returns to a queue without having been rejected', () => {
    expect(isCycle(deathsOf('4.0.5', ['work', 'expired'], ['wait', 'expired']), 'work', 'expired')).toBe(true)
  })

  it('does not count as a cycle if the message was rejected on the way', () => {
    expect(isCycle(deathsOf('4.0.5', ['work', 'rejected'], ['wait', 'expired']), 'work', 'expired')).toBe(false)
  })

  it('never stops a message that is being rejected', () => {
    expect(isCycle(deathsOf('4.0.5', ['work', 'expired'], ['work', 'rejected']), 'work', 'rejected')).toBe(false)
  })

  it('never drops a message that is dead-lettered to a new queue', () => {
    expect(isCycle(deathsOf('4.0.5', ['work', 'expired']), 'dead', 'expired')).toBe(false)
  })
})
