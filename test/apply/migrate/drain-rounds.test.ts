import { describe, expect, it } from 'vitest'
import { DrainRounds } from '../../../src/apply/migrate/drain.ts'

describe('the rounds in which a queue is emptied', () => {
  it('end when new messages arrive as fast as they are moved', () => {
    const rounds = new DrainRounds(60_000, () => 0)
    const ends = [5, ...Array.from({ length: 10 }, () => 5)].map((left) => rounds.after(5, left))

    expect(ends).toEqual(['shrinks', ...Array.from({ length: 9 }, () => 'refilled'), 'fed'])
  })

  it('continue as long as each leaves fewer messages', () => {
    const rounds = new DrainRounds(60_000, () => 0)
    const ends = Array.from({ length: 1_000 }, (_, round) => rounds.after(1, 1_000 - round))

    expect(new Set(ends)).toEqual(new Set(['shrinks']))
  })

  it('are counted from zero after one that leaves fewer messages', () => {
    const rounds = new DrainRounds(60_000, () => 0)
    const refilled = (left: number) => Array.from({ length: 9 }, () => rounds.after(1, left))

    expect([rounds.after(1, 5), ...refilled(5), rounds.after(1, 4), ...refilled(9)]).not.toContain('fed')
    expect(rounds.after(1, 4)).toBe('fed')
  })

  it('end when messages that cannot be moved remain for too long', () => {
    let now = 0
    const rounds = new DrainRounds(1_000, () => now)

    expect(rounds.after(3, 2)).toBe('shrinks')
    now = 1_000
    expect(rounds.after(0, 2)).toBe('wait')
    now = 1_001
    expect(rounds.after(0, 2)).toBe('stuck')
  })

  it('get no extra time if the messages of the queue cannot be counted', () => {
    let now = 0
    const rounds = new DrainRounds(1_000, () => now)

    expect(rounds.after(1, undefined)).toBe('wait')
    now = 1_001
    expect(rounds.after(1, undefined)).toBe('stuck')
  })
})
