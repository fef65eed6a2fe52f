import { describe, expect, it } from 'vitest'
import { fairShare, wantedPartitions } from '../../../src/runtime/super-streams/fair-share.ts'

/** Lets workers take turns until none of them changes anything, as the rounds of consumers do. */
function settle(partitions: number, held: number[]): number[] {
  const waiting = held.map(() => false)
  for (let quiet = 0, turns = 0; quiet <= held.length; turns++) {
    if (turns > 1_000) throw new Error(`${held.join(', ')} never settle`)
    const at = turns % held.length
    const own = held[at] ?? 0
    const isOtherWaiting = waiting[at] !== true && waiting.some(Boolean)
    const wanted = wantedPartitions({ partitions, workers: held.length, held: own, isOtherWaiting })
    const free = partitions - held.reduce((sum, each) => sum + each, 0)
    const now = Math.min(wanted, own + free)
    const isWaiting = now < fairShare({ partitions, workers: held.length })
    quiet = now === own && isWaiting === waiting[at] ? quiet + 1 : 0
    held[at] = now
    waiting[at] = isWaiting
  }
  return held.toSorted((a, b) => a - b)
}

describe('the share of a worker', () => {
  it('is everything while it is alone', () => {
    expect(wantedPartitions({ partitions: 4, workers: 1, held: 0, isOtherWaiting: false })).toBe(4)
  })

  it('is one at least, so that surplus workers wait for a partition', () => {
    expect(fairShare({ partitions: 2, workers: 5 })).toBe(1)
    expect(wantedPartitions({ partitions: 2, workers: 5, held: 1, isOtherWaiting: true })).toBe(1)
  })

  it('shrinks only while another worker waits', () => {
    const standing = { partitions: 4, workers: 3, held: 2 }

    expect(wantedPartitions({ ...standing, isOtherWaiting: false })).toBe(2)
    expect(wantedPartitions({ ...standing, isOtherWaiting: true })).toBe(1)
  })

  it.each([
    [4, [4, 0, 0], [1, 1, 2]],
    [5, [2, 2, 1, 0], [1, 1, 1, 2]],
    [8, [8, 0], [4, 4]],
    [3, [0, 0], [1, 2]],
    [2, [2, 0, 0], [0, 1, 1]],
    [7, [0, 3, 0], [2, 2, 3]],
  ])('of %i partitions, beginning with %j, ends as %j', (partitions, held, shares) => {
    expect(settle(partitions, held)).toEqual(shares)
  })

  it('differs by one at most between workers, and leaves no partition over', () => {
    for (let partitions = 1; partitions <= 9; partitions++) {
      for (let workers = 1; workers <= 6; workers++) {
        const shares = settle(partitions, [partitions, ...Array<number>(workers - 1).fill(0)])

        expect(shares.reduce((sum, each) => sum + each, 0)).toBe(partitions)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }
    }
  })
})
