import { describe, expect, it } from 'vitest'
import { progressText } from '../../../src/cli/terminal/progress-text.ts'

const text = (done: number, total: number, changes: number, milliseconds: number) =>
  progressText({ done, total, since: { changes, milliseconds } })

describe('progressText', () => {
  it('counts, and estimates nothing in the first three seconds', () => {
    expect(text(1, 5_000, 0, 0)).toBe('1 of 5,000 changes')
    expect(text(700, 5_000, 699, 2_999)).toBe('700 of 5,000 changes')
  })

  it('then says the rate and the remaining time', () => {
    expect(text(1_201, 5_000, 1_200, 5_000)).toBe('1,201 of 5,000 changes, 240/s, about 16 s left')
  })

  it('estimates nothing from one change alone, and nothing when all are done', () => {
    expect(text(1, 20, 0, 60_000)).toBe('1 of 20 changes')
    expect(text(20, 20, 19, 60_000)).toBe('20 of 20 changes')
  })

  it('gives a rate below one change a second by the minute', () => {
    expect(text(31, 61, 30, 60_000)).toBe('31 of 61 changes, 30/min, about 1 min left')
    expect(text(2, 3, 1, 600_000)).toBe('2 of 3 changes, 1/min, about 10 min left')
  })

  it.each([
    [100, '1 s'],
    [2_000, '2 s'],
    [59_000, '59 s'],
    [60_500, '2 min'],
    [45 * 60_000, '45 min'],
    [60 * 60_000, '1 h'],
    [80 * 60_000, '1 h 20 min'],
  ])('rounds %i remaining milliseconds up to %s', (left, expected) => {
    // One change a millisecond, so that as many milliseconds are left as changes.
    expect(text(10_001, 10_001 + left, 10_000, 10_000)).toMatch(new RegExp(`, about ${expected} left$`))
  })
})
