import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/apply/report.ts'
import { progressText, showProgress } from '../../../src/cli/terminal/progress.ts'

const DONE: Outcome = { address: 'queue:%2F/orders', action: 'create', status: 'done' }

/** Progress with a clock that the test sets, and everything that it prints. */
function progress(errIsTerminal: boolean) {
  let time = 1_000_000
  const printed: string[] = []
  const io = { errIsTerminal, err: (text: string) => void printed.push(text) }
  const shown = showProgress(io, () => time)
  return {
    ...shown,
    printed,
    /** Ends changes, one after each interval of this many milliseconds. */
    end: (changes: number, total: number, every: number) => {
      for (let n = 0; n < changes; n += 1) {
        shown.onOutcome(DONE, total)
        time += every
      }
    },
    finish: shown.end,
  }
}

describe('progress on a terminal', () => {
  it('updates one line ten times a second, with an estimate after three seconds', () => {
    const { end, printed } = progress(true)

    end(400, 1_000, 10)

    expect(printed.slice(0, 2)).toEqual(['\r\u001B[K  1 of 1,000 changes', '\r\u001B[K  11 of 1,000 changes'])
    expect(printed.at(-1)).toBe('\r\u001B[K  391 of 1,000 changes, 100/s, about 7 s left')
    expect(printed.length).toBe(40)
  })

  it('erases the line before other output, and at the end', () => {
    const { end, onProgress, finish, printed } = progress(true)

    end(1, 10, 0)
    onProgress('moved 5 messages')
    finish()
    end(1, 10, 1_000)
    end(1, 10, 0)
    finish()

    const erase = '\r\u001B[K'
    expect(printed).toEqual([
      `${erase}  1 of 10 changes`,
      erase,
      '  moved 5 messages\n',
      `${erase}  3 of 10 changes`,
      erase,
    ])
  })
})

describe('progress in a log', () => {
  it('has a plain line for each tenth of a large apply', () => {
    const { end, printed } = progress(false)

    end(1_000, 1_000, 10)

    expect(printed.slice(0, 5)).toEqual([
      '  100 of 1,000 changes\n',
      '  200 of 1,000 changes\n',
      '  300 of 1,000 changes\n',
      '  400 of 1,000 changes, 100/s, about 6 s left\n',
      '  500 of 1,000 changes, 100/s, about 5 s left\n',
    ])
    expect(printed.at(-1)).toBe('  1,000 of 1,000 changes\n')
    expect(printed.length).toBe(10)
  })

  it('has no line for a small apply that ends quickly', () => {
    const { end, printed } = progress(false)

    end(99, 99, 10)

    expect(printed).toEqual([])
  })

  it('has a line every ten seconds of a slow apply', () => {
    const { end, printed } = progress(false)

    end(20, 20, 2_000)

    expect(printed).toEqual([
      '  6 of 20 changes, 30/min, about 28 s left\n',
      '  11 of 20 changes, 30/min, about 18 s left\n',
      '  16 of 20 changes, 30/min, about 8 s left\n',
    ])
  })

  it('does not count changes that never started', () => {
    const { end, onOutcome, printed } = progress(false)

    for (let n = 0; n < 90; n += 1) onOutcome({ ...DONE, status: 'interrupted' }, 100)
    end(10, 100, 0)

    expect(printed).toEqual(['  10 of 100 changes\n'])
  })
})

const text = (done: number, total: number, changes: number, milliseconds: number) =>
  progressText({ done, total, since: { changes, milliseconds } })

describe('progressText', () => {
  it('counts, and estimates nothing in the first three seconds', () => {
    expect(text(1, 5_000, 0, 0)).toBe('1 of 5,000 changes')
    expect(text(700, 5_000, 699, 2_999)).toBe('700 of 5,000 changes')
  })

  it('shows the rate and the remaining time after three seconds', () => {
    expect(text(1_201, 5_000, 1_200, 5_000)).toBe('1,201 of 5,000 changes, 240/s, about 16 s left')
  })

  it('estimates nothing from a single change, or when all are done', () => {
    expect(text(1, 20, 0, 60_000)).toBe('1 of 20 changes')
    expect(text(20, 20, 19, 60_000)).toBe('20 of 20 changes')
  })

  it('shows a rate below one change a second by the minute', () => {
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
    // One change ends each millisecond, so the remaining milliseconds equal the remaining changes.
    expect(text(10_001, 10_001 + left, 10_000, 10_000)).toMatch(new RegExp(`, about ${expected} left$`))
  })
})
