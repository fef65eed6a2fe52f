import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../../../src/insight/routing/simulation/event-queue.ts'

describe('EventQueue', () => {
  it('returns events by time, and events with the same time in the order of their addition', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 })), (times) => {
        const queue = new EventQueue<number>()
        for (const [at, time] of times.entries()) queue.add(time, at)
        const found = times.map(() => {
          const first = queue.first
          queue.removeFirst()
          return first?.event
        })

        expect(found).toEqual([...times.keys()].toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b))
        expect(queue.first).toBeUndefined()
      }),
    )
  })

  it('keeps the order while events are added and removed in turn', () => {
    const queue = new EventQueue<string>()
    queue.add(2, 'second')
    queue.add(1, 'first')
    queue.removeFirst()
    queue.add(1, 'late')

    expect(queue.first?.event).toBe('late')
  })
})
