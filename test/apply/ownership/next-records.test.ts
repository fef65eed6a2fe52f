import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordsAfter, recordsBefore } from '../../../src/apply/ownership/next-records.ts'
import { isSameRecord } from '../../../src/broker/records/merge-records.ts'
import type { Outcome } from '../../../src/apply/report.ts'
import { addressesIn } from '../../../src/broker/records/ownership.ts'
import { exchange, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const run = { run: 'run-1', at: '2026-01-01T00:00:00.000Z' }
const done = { status: 'done' } as const

/** The records before and after an apply in which each change, by its address, has the given outcome. */
function recorded(
  [live, desired, records, mode]: Parameters<typeof planOf>,
  ends: Readonly<Record<string, object>> = {},
) {
  const ownership = records?.ownership
  if (ownership === undefined || ownership === 'unknown') throw new Error('a test without records')
  const { changes, ownership: planned } = planOf(live, desired, records, mode)
  const before = recordsBefore(ownership, changes, planned.records, run)
  const outcomes = new Map(
    changes.map(({ address, action }) => [address, { address, action, ...(ends[address] ?? done) } as Outcome]),
  )
  return { before: [...before.values()], after: [...recordsAfter(before, changes, outcomes).values()] }
}

describe('the records of a run', () => {
  it('list the intended objects before the first write, and the created ones afterwards', () => {
    const { before, after } = recorded([topology(), topology({ queues: [queue('q')] }), owned()])

    expect(before).toEqual([record({ intended: [{ ...run, addresses: ['queue:%2F/q'] }] })])
    expect(after).toEqual([record({ owned: ['queue:%2F/q'] })])
  })

  it('record an object that was created outside this run as adopted', () => {
    const desired = topology({ queues: [queue('q')] })

    expect(recorded([topology(), desired, owned()], { 'queue:%2F/q': { ...done, found: true } }).after).toEqual([
      record({ adopted: ['queue:%2F/q'] }),
    ])
  })

  it('keep the intention for objects that may have been created, and forget the others', () => {
    const desired = topology({ queues: ['a', 'b', 'c', 'd', 'e'].map((name) => queue(name)) })
    const ends = {
      'queue:%2F/a': { status: 'failed', reason: 'no answer', maybeDone: true },
      'queue:%2F/b': { status: 'failed', reason: '400', maybeDone: false },
      'queue:%2F/c': { status: 'skipped', because: 'queue:%2F/b' },
      'queue:%2F/d': { status: 'interrupted' },
    }

    expect(recorded([topology(), desired, owned()], ends).after).toEqual([
      record({
        owned: ['queue:%2F/e'],
        intended: [{ ...run, addresses: ['queue:%2F/a', 'queue:%2F/d'] }],
      }),
    ])
  })

  it('forget only deleted objects', () => {
    const live = topology({ queues: [queue('a'), queue('b'), queue('c')] })
    const known = record({ owned: ['queue:%2F/a', 'queue:%2F/b', 'queue:%2F/c'], protected: [] })
    const desired = topology({ queues: [queue('c')] })
    const ends = { 'queue:%2F/b': { status: 'stale', reason: 'a message came' } }
    const { before, after } = recorded([live, desired, owned(known), { prune: true }], ends)

    expect(before).toEqual([known])
    expect(after).toEqual([record({ owned: ['queue:%2F/b', 'queue:%2F/c'] })])
  })

  it('keep an object that a stopped run intended to create while its deletion fails', () => {
    const live = topology({ queues: [queue('old')] })
    const known = record({ intended: [{ run: 'before', at: run.at, addresses: ['queue:%2F/old'] }] })
    const mode = { prune: true, allowDelete: new Set(['queue:%2F/old']) }
    const desired = topology({ queues: [queue('new')] })

    expect(recorded([live, desired, owned(known), mode], { 'queue:%2F/old': { status: 'interrupted' } }).after).toEqual(
      [record({ owned: ['queue:%2F/new'], adopted: ['queue:%2F/old'] })],
    )
  })

  it('move renamed objects from the old name to the new one', () => {
    const live = topology({ exchanges: [exchange('old')] })
    const desired = topology({ exchanges: [exchange('new', { renamedFrom: 'old' })] })
    const known = owned(record({ owned: ['exchange:%2F/old'] }))

    expect(recorded([live, desired, known]).before).toEqual([
      record({ owned: ['exchange:%2F/old'], intended: [{ ...run, addresses: ['exchange:%2F/new'] }] }),
    ])
    expect(recorded([live, desired, known]).after).toEqual([record({ owned: ['exchange:%2F/new'] })])
  })

  it('name a user in each virtual host that declares it, and no virtual host that is only referred to', () => {
    const desired = topology({
      vhosts: [vhost('a'), vhost('b', { claimed: true })],
      users: [user('u', { declaredIn: ['a', 'b'] })],
    })

    expect(recorded([topology({ vhosts: [] }), desired, owned()]).after).toEqual([
      record({ vhost: 'b', owned: ['vhost:b', 'user:u'] }),
      record({ vhost: 'a', owned: ['user:u'] }),
    ])
  })

  it('are the same when only their order differs', () => {
    expect(isSameRecord(record({ owned: ['a', 'b'] }), record({ owned: ['b', 'a'] }))).toBe(true)
    expect(isSameRecord(record({ owned: ['a'] }), record({ adopted: ['a'] }))).toBe(false)
  })

  // oxlint-disable-next-line vitest/expect-expect -- fast-check runs the expectation
  it('never forget an object that may exist, whatever the outcomes of the changes', () => {
    const end = fc.constantFrom<object>(
      done,
      { ...done, found: true },
      { status: 'failed', reason: 'no answer', maybeDone: true },
      { status: 'failed', reason: '400' },
      { status: 'skipped', because: 'something' },
      { status: 'stale', reason: 'more' },
      { status: 'kept', messages: 1 },
      { status: 'interrupted' },
    )
    const state = fc.record({
      live: fc.boolean(),
      declared: fc.boolean(),
      known: fc.constantFrom('owned', 'adopted', 'intended', 'nobody'),
      end,
    })
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 8 })
    fc.assert(
      fc.property(
        names.chain((all) =>
          fc.tuple(fc.constant(all), fc.array(state, { minLength: all.length, maxLength: all.length })),
        ),
        ([all, states]) => {
          const cases = all.map((name, index) => ({
            name,
            at: `queue:%2F/${encodeURIComponent(name)}`,
            ...states[index],
          }))
          const of = (known: string) => cases.filter((each) => each.known === known)
          const queues = (which: 'live' | 'declared') =>
            cases.filter((each) => each[which]).map(({ name }) => queue(name))
          const addressed = (which: typeof cases) =>
            planOf(topology(), topology({ queues: which.map(({ name }) => queue(name)) })).changes.map(
              ({ address }) => address,
            )
          const known = record({
            owned: addressed(of('owned')),
            adopted: addressed(of('adopted')),
            intended:
              of('intended').length === 0
                ? []
                : [{ run: 'before', at: '2025-01-01T00:00:00.000Z', addresses: addressed(of('intended')) }],
          })
          const ends = Object.fromEntries(
            cases.flatMap((each) => addressed([each]).map((at) => [at, each.end ?? done])),
          )
          const { after } = recorded(
            [
              topology({ queues: queues('live') }),
              topology({ queues: queues('declared') }),
              owned(known),
              { prune: true, allowDelete: new Set(addressed(cases)), maxDeletes: { count: 100 } },
            ],
            ends,
          )
          const remembered = new Set(after.flatMap(addressesIn))
          for (const each of cases) {
            const [address = ''] = addressed([each])
            const ended = ends[address] as { status: string; maybeDone?: boolean }
            const wasMade =
              each.declared &&
              !each.live &&
              (ended.status === 'done' || ended.status === 'interrupted' || ended.maybeDone === true)
            const stays = each.live && each.known !== 'nobody' && (each.declared || ended.status !== 'done')
            expect(!(wasMade || stays) || remembered.has(address)).toBe(true)
          }
        },
      ),
    )
  })
})
