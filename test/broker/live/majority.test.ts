import { describe, expect, it } from 'vitest'
import { withoutMajority } from '../../../src/broker/live/majority.ts'

describe('withoutMajority', () => {
  it('counts the members of a queue if half of them or fewer are online', () => {
    expect(withoutMajority({ state: 'running', members: ['a'], online: [] })).toEqual({ members: 1, online: 0 })
    expect(withoutMajority({ members: ['a', 'b', 'c', 'd'], online: ['a', 'b'] })).toEqual({ members: 4, online: 2 })
  })

  it("accepts the broker's report that a queue is in minority", () => {
    expect(withoutMajority({ state: 'minority', members: ['a', 'b'], online: ['a', 'b'] })).toBeDefined()
  })

  it('finds nothing for a queue with a majority, or for one without reported members', () => {
    expect(withoutMajority({ members: ['a', 'b', 'c'], online: ['a', 'b'] })).toBeUndefined()
    expect(withoutMajority({ state: 'live' })).toBeUndefined()
    expect(withoutMajority({ members: ['a'], online: null })).toBeUndefined()
  })
})
