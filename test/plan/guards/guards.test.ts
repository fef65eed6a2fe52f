import { describe, expect, it } from 'vitest'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import { ownershipOf } from '../../../src/broker/records/ownership.ts'
import { exchange, queue, topology, user } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'
import { recordName } from '../../../src/model/generated-names.ts'

const names = (count: number) => Array.from({ length: count }, (_, index) => `q${index}`)
const queues = (count: number) => names(count).map((name) => queue(name))
const owning = (count: number) => owned(record({ owned: names(count).map((name) => `queue:%2F/${name}`) }))

/** A prune that still declares the first of `all` owned queues. */
function pruned(all: number, declared: number, mode: Partial<PlanMode> = {}) {
  const desired = topology({ queues: queues(declared), exchanges: [exchange('amq.topic', { type: 'topic' })] })
  const live = topology({ queues: queues(all), exchanges: [exchange('amq.topic', { type: 'topic' })] })
  return planOf(live, desired, owning(all), { prune: true, ...mode })
}

describe('the number of deletes', () => {
  it.each([
    [9, 0, undefined],
    [10, 7, undefined],
    [10, 6, { deletes: 4, owned: 10, limit: '30%' }],
  ])('may be 30 %% once ten objects are owned: %i owned, %i declared', (all, declared, numbers) => {
    const block = numbers && { reason: 'too-many-deletes', address: '--max-deletes', ...numbers }

    expect(pruned(all, declared).blocks).toEqual(block === undefined ? [] : [block])
  })

  it('is limited by the given number instead', () => {
    expect(pruned(10, 0, { maxDeletes: { count: 10 } }).blocks).toEqual([])
    expect(pruned(3, 1, { maxDeletes: { count: 1 } }).blocks).toEqual([
      { reason: 'too-many-deletes', address: '--max-deletes', deletes: 2, owned: 3, limit: '1' },
    ])
    expect(pruned(10, 5, { maxDeletes: { percent: 50, from: 10 } }).blocks).toEqual([])
    expect(pruned(10, 4, { maxDeletes: { percent: 50, from: 10 } }).blocks).toMatchObject([{ limit: '50%' }])
  })

  it('is not limited in a destroy', () => {
    expect(planOf(topology({ queues: queues(20) }), topology(), owning(20), { destroy: true })).toMatchObject({
      blocks: [],
      changes: { length: 20 },
    })
  })
})

describe('a prune', () => {
  it('is refused if the files declare nothing', () => {
    const live = topology({ queues: queues(1) })

    expect(planOf(live, topology(), owning(1), { prune: true }).blocks).toEqual([
      { reason: 'empty-topology', address: '--prune' },
    ])
  })

  it('is refused if the owners are unknown', () => {
    const both = topology({ queues: queues(1) })

    expect(planOf(both, both, { ownership: 'unknown' }, { prune: true }).blocks).toEqual([
      { reason: 'ownership-unknown', address: '--prune' },
    ])
    expect(planOf(both, both, { ownership: 'unknown' }, { destroy: true }).blocks).toEqual([
      { reason: 'ownership-unknown', address: 'destroy' },
    ])
    expect(planOf(both, both, { ownership: 'unknown' })).toMatchObject({ blocks: [], ownership: { state: 'unknown' } })
  })

  it.each([
    ['is damaged', {}],
    ['has a newer format', { format: 3 }],
  ])('is refused while a record %s, and so is every other plan, since an apply would overwrite it', (_what, why) => {
    const both = topology({ queues: queues(1) })
    const name = recordName({ project: 'shop', vhost: '/' })
    const ownership = ownershipOf('shop', [], [{ name, ...why }])
    const blocks = [{ reason: 'record-damaged', address: 'vhost:%2F', record: name, ...why }]

    expect(planOf(both, both, { ownership }, { prune: true }).blocks).toEqual(blocks)
    expect(planOf(both, both, { ownership }).blocks).toEqual(blocks)
  })
})

describe('a damaged record of another project', () => {
  const damaged = [{ name: 'warren.owner.0123' }]

  it('does not block a prune of objects in a virtual host, which no other project can own', () => {
    const plan = planOf(
      topology({ queues: queues(2) }),
      topology({ queues: queues(1) }),
      { ownership: ownershipOf('shop', [record({ owned: ['queue:%2F/q0', 'queue:%2F/q1'] })], damaged) },
      { prune: true },
    )

    expect(plan).toMatchObject({ blocks: [], changes: [{ action: 'delete', address: 'queue:%2F/q1' }] })
  })

  it('keeps users, because others may need them', () => {
    const plan = planOf(
      topology({ queues: queues(1), users: [user('svc')] }),
      topology({ queues: queues(1) }),
      { ownership: ownershipOf('shop', [record({ owned: ['queue:%2F/q0', 'user:svc'] })], damaged) },
      { prune: true },
    )

    expect(plan.blocks).toEqual([{ reason: 'other-record-damaged', address: 'user:svc', record: 'warren.owner.0123' }])
  })
})

describe('a record of another project that cannot be read', () => {
  const newer = { name: 'warren.owner.0123', format: 3, vhost: '/' }
  const adopting = (about: object, desired = topology({ queues: queues(2) })) =>
    planOf(topology({ queues: queues(2) }), desired, { ownership: ownershipOf('shop', [], [{ ...newer, ...about }]) })

  it('blocks the adoption of objects that seem to have no owner, with one block for all', () => {
    const { name: found, format } = newer
    const blocks = [{ reason: 'other-record-damaged', address: 'queue:%2F/q0', record: found, format }]

    expect(adopting({}).blocks).toEqual(blocks)
    expect(adopting({ vhost: undefined }).blocks).toEqual(blocks)
  })

  it('blocks the rename of a queue without an owner', () => {
    const desired = topology({ queues: [queue('new', { renamedFrom: 'q0' })] })

    expect(adopting({}, desired).blocks).toContainEqual(
      expect.objectContaining({ reason: 'other-record-damaged', address: 'queue:%2F/q0' }),
    )
  })

  it('blocks nothing in another virtual host, and nothing where nothing is adopted', () => {
    expect(adopting({ vhost: 'other' }).blocks).toEqual([])
    expect(adopting({}, topology({ queues: [queue('fresh')] })).blocks).toEqual([])
  })
})

describe('an existing object', () => {
  const live = topology({ exchanges: [exchange('x', { type: 'topic' })], queues: [queue('q')] })
  const permission = { vhost: '/', user: 'svc', configure: '', write: '', read: '' }

  it('is adopted without a change if it is as declared', () => {
    expect(planOf(live, live, owned())).toMatchObject({
      changes: [],
      blocks: [],
      ownership: {
        state: 'known',
        adopts: ['exchange:%2F/x', 'queue:%2F/q'],
        records: [
          { vhost: '/', adopt: ['exchange:%2F/x', 'queue:%2F/q'], release: [], protect: [], unprotect: [], take: [] },
        ],
      },
    })
  })

  it('that differs is changed only with --adopt', () => {
    const before = topology({ permissions: [permission] })
    const after = topology({ permissions: [{ ...permission, read: '.*' }] })

    expect(planOf(before, after, owned()).blocks).toEqual([{ reason: 'not-owned', address: 'permission:%2F/svc' }])
    expect(planOf(before, after, owned(), { adopt: true })).toMatchObject({
      blocks: [],
      changes: [{ action: 'update', address: 'permission:%2F/svc' }],
    })
    expect(planOf(before, after, owned(record({ adopted: ['permission:%2F/svc'] }))).blocks).toEqual([])
  })

  it('is not touched if another project owns it, even with --adopt', () => {
    const others = owned(record({ project: 'billing', adopted: ['queue:%2F/q'] }))

    expect(planOf(live, topology({ queues: [queue('q')] }), others, { adopt: true }).blocks).toEqual([
      { reason: 'foreign-owner', address: 'queue:%2F/q', project: 'billing' },
    ])
    expect(planOf(live, topology({ queues: [queue('q', { external: true })] }), others).blocks).toEqual([])
  })
})
