import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findConflict } from '../../../src/apply/ownership/claims.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { record } from '../../builders/records.ts'

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`
const claiming = (project: string, second: number, ...addresses: readonly string[]) =>
  record({ project, intended: [{ run: `run-of-${project}`, at: at(second), addresses }] })
const conflictOf = (own: OwnershipRecord, ...others: readonly OwnershipRecord[]) =>
  findConflict(new Map([[own.vhost, own]]), [own, ...others])

describe('a claim', () => {
  it('is kept when no other project claims the object', () => {
    expect(conflictOf(claiming('shop', 1, 'queue:%2F/a'), claiming('billing', 0, 'queue:%2F/b'))).toBeUndefined()
  })

  it('gives way to an older claim, which waits for the younger one', () => {
    const [older, younger] = [claiming('shop', 1, 'queue:%2F/a'), claiming('billing', 2, 'queue:%2F/a')]

    expect(conflictOf(younger, older)).toEqual({
      address: 'queue:%2F/a',
      project: 'billing',
      other: 'shop',
      givesWay: true,
    })
    expect(conflictOf(older, younger)).toMatchObject({ project: 'shop', other: 'billing', givesWay: false })
  })

  it('yields to an object that is owned or adopted, regardless of the time', () => {
    const own = claiming('shop', 0, 'queue:%2F/a')

    for (const taken of [{ owned: ['queue:%2F/a'] }, { adopted: ['queue:%2F/a'] }])
      expect(conflictOf(own, record({ project: 'billing', ...taken }))).toMatchObject({ givesWay: true })
  })

  it('covers adopted objects too', () => {
    expect(conflictOf(record({ adopted: ['user:u'] }), claiming('billing', 9, 'user:u'))).toMatchObject({
      address: 'user:u',
      givesWay: true,
    })
  })

  it('never succeeds together with that of another project, in any order of writes and reads', () => {
    const claims = fc.record({
      address: fc.constantFrom('queue:%2F/a', 'queue:%2F/b'),
      second: fc.integer({ min: 0, max: 3 }),
    })
    const steps = fc.shuffledSubarray(['write 0', 'write 1', 'read 0', 'read 1'], { minLength: 4 })
    fc.assert(
      fc.property(claims, claims, steps, (first, second, order) => {
        const records = [
          claiming('shop', first.second, first.address),
          claiming('billing', second.second, second.address),
        ]
        const written = new Set<number>()
        const free: number[] = []
        // Each run writes its claim, and only then reads the records of all.
        const lastWrite = (run: number) => order.indexOf(`write ${run}`)
        fc.pre([0, 1].every((run) => lastWrite(run) < order.indexOf(`read ${run}`)))
        for (const step of order) {
          const [what, number] = step.split(' ')
          const run = Number(number)
          const own = records[run]
          if (own === undefined) throw new Error('a run without a claim')
          if (what === 'write') written.add(run)
          else if (
            findConflict(
              new Map([['/', own]]),
              records.filter((_, index) => written.has(index)),
            ) === undefined
          )
            free.push(run)
        }

        // Of two runs that want the same object, at most one succeeds; two that want different objects do not affect
        // each other.
        const [least, most] = first.address === second.address ? [0, 1] : [2, 2]
        expect(free.length).toBeGreaterThanOrEqual(least)
        expect(free.length).toBeLessThanOrEqual(most)
      }),
    )
  })
})
