import { describe, expect, it } from 'vitest'
import type { Topology } from '../../src/model/topology.ts'
import type { PlanMode } from '../../src/plan/plan-mode.ts'
import type { PlannedTopology } from '../../src/plan/planned-topology.ts'
import type { OwnershipRecord } from '../../src/broker/records/ownership-record.ts'
import { exchange, permission, queue, topology, user, vhost } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'
import { owned, record } from '../builders/records.ts'

const QUEUE = 'queue:acme/orders'
const VHOST = 'vhost:acme'
const kept = queue('kept')
const ours = record({ vhost: 'acme', owned: [VHOST, QUEUE] })
const here = record({ owned: ['queue:%2F/kept'] })

interface Case {
  readonly live?: Partial<Topology>
  readonly desired?: Partial<Topology>
  readonly records?: readonly OwnershipRecord[]
  readonly around?: Partial<PlannedTopology>
  readonly mode?: Partial<PlanMode>
}

/** Plans a prune that includes the vhost `acme`, which contains the queue `orders`. */
function entering({ live = {}, desired = {}, records = [here, ours], around = {}, mode = {} }: Case = {}) {
  const queues = [kept, queue('orders', { vhost: 'acme' })]
  return planOf(
    topology({ vhosts: [vhost('/'), vhost('acme', { claimed: true })], queues, ...live }),
    topology({ vhosts: [vhost('/')], queues: [kept], ...desired }),
    { ...owned(...records), entered: ['acme'], ...around },
    { prune: true, allowDelete: new Set([VHOST]), ...mode },
  )
}

const deletes = ({ changes }: ReturnType<typeof planOf>) => changes.map(({ action, address }) => `${action} ${address}`)

describe('a prune that enters the vhost of a removed tenant', () => {
  it('deletes everything that the record owns, and the vhost', () => {
    const plan = entering()

    expect(deletes(plan)).toEqual([`delete ${VHOST}`, `delete ${QUEUE}`])
    expect(plan).toMatchObject({ blocks: [], kept: [], vhosts: ['/', 'acme'], ownership: { elsewhere: [] } })
  })

  it('leaves everything in a vhost that it does not enter, and lists that', () => {
    const plan = entering({ around: { entered: [] }, mode: { allowDelete: new Set() } })

    expect(deletes(plan)).toEqual([])
    expect(plan).toMatchObject({
      blocks: [],
      vhosts: ['/'],
      ownership: { elsewhere: [{ vhost: 'acme', owned: 2 }], records: [] },
    })
  })

  it('deletes only its objects where the record does not own the vhost', () => {
    expect(deletes(entering({ records: [here, record({ vhost: 'acme', owned: [QUEUE] })] }))).toEqual([
      `delete ${QUEUE}`,
    ])
  })

  it('is blocked by protection and by objects that were adopted', () => {
    const protecting = record({ ...ours, protected: [QUEUE] })
    const adopting = record({ vhost: 'acme', owned: [VHOST], adopted: [QUEUE] })

    expect(entering({ records: [here, protecting] }).blocks).toEqual([
      { reason: 'protected', address: QUEUE, action: 'delete' },
    ])
    expect(entering({ records: [here, adopting] }).blocks).toEqual([{ reason: 'adopted', address: QUEUE }])
  })

  it.each([
    ['messages', { messages: 2, consumers: 0 }],
    ['consumers', { messages: 0, consumers: 1 }],
  ])('is blocked by %s, which the permission for the vhost does not cover', (_what, count) => {
    const around = { counts: new Map([[QUEUE, count]]) }

    expect(entering({ around }).blocks).toMatchObject([{ reason: 'data-loss', address: QUEUE, impact: count }])
    expect(entering({ around, mode: { allowDelete: new Set([VHOST, QUEUE]) } }).blocks).toEqual([])
  })

  it('is blocked by too many deletes, and counts the owned objects in the vhost', () => {
    expect(entering({ mode: { maxDeletes: { count: 1 } } }).blocks).toEqual([
      { reason: 'too-many-deletes', address: '--max-deletes', deletes: 2, owned: 3, limit: '1' },
    ])
  })

  it('is blocked by objects without an owner in the vhost, and deletes only the rest if it excludes the vhost', () => {
    const live = { queues: [kept, queue('orders', { vhost: 'acme' }), queue('stray', { vhost: 'acme' })] }

    expect(entering({ live }).blocks).toEqual([
      { reason: 'cascades', address: VHOST, objects: [{ address: 'queue:acme/stray' }] },
    ])
    const without = entering({ live, mode: { excludes: [VHOST] } })
    expect(without.blocks).toEqual([])
    expect(deletes(without)).toEqual([`delete ${QUEUE}`])
  })

  it('does not delete excluded objects along with the vhost', () => {
    expect(entering({ mode: { excludes: [QUEUE] } }).blocks).toEqual([
      { reason: 'cascades', address: VHOST, objects: [{ address: QUEUE, own: true }] },
    ])
  })

  it('keeps a vhost in which another project has a record, and the objects of that record', () => {
    const theirs = record({ project: 'billing', vhost: 'acme', owned: ['exchange:acme/events'] })
    const live = { exchanges: [exchange('events', { vhost: 'acme' })] }

    for (const each of [{}, live]) {
      const plan = entering({ live: each, records: [here, ours, theirs] })
      expect(deletes(plan)).toEqual([`delete ${QUEUE}`])
      expect(plan).toMatchObject({ blocks: [], kept: [{ address: VHOST, reason: 'shared' }] })
    }
  })

  it('is blocked by a journal of a stopped run and by records that cannot be read', () => {
    const moves = new Map([['queue:acme/new', QUEUE]])
    expect(entering({ around: { moves } }).blocks).toMatchObject([{ reason: 'unfinished-move' }])

    const { ownership } = owned(here, ours)
    const damaged = [{ name: 'warren.owner.0123456789abcdef' }]
    expect(entering({ around: { ownership: { ...ownership, damaged } } }).blocks).toMatchObject([
      { reason: 'other-record-damaged', address: VHOST },
    ])
  })

  it('leaves a shared user to the records that name it too, and deletes its rights in the vhost', () => {
    const inBoth = (each: OwnershipRecord) => ({ ...each, owned: [...each.owned, 'user:worker'] })
    const tenant = inBoth({ ...ours, owned: [...ours.owned, 'permission:acme/worker'] })
    const plan = entering({
      live: { users: [user('worker')], permissions: [permission('worker', { vhost: 'acme' })] },
      desired: { users: [user('worker', { declaredIn: ['/'] })] },
      records: [inBoth(here), tenant],
    })

    expect(plan.blocks).toEqual([])
    expect(deletes(plan).filter((each) => each.includes('worker'))).toEqual(['delete permission:acme/worker'])
    expect(plan.ownership.records).toMatchObject([{ vhost: 'acme', drop: ['user:worker'], forget: [], adopt: [] }])
  })

  it('forgets the entries of a deleted vhost, so that its record becomes empty', () => {
    const plan = entering({ live: { vhosts: [vhost('/')], queues: [kept] } })

    expect(plan).toMatchObject({ changes: [], blocks: [] })
    expect(plan.ownership.records).toMatchObject([{ vhost: 'acme', forget: [QUEUE, VHOST] }])
  })
})
