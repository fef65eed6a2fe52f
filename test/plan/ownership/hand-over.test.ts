import { describe, expect, it } from 'vitest'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { addressOf } from '../../../src/model/address.ts'
import { type Kind, KINDS, objectsOf, type Topology } from '../../../src/model/topology.ts'
import { binding, exchange, permission, policy, queue, topology, user, vhost } from '../../builders/objects.ts'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const BILLS = 'queue:%2F/bills'
const ORDERS = 'queue:%2F/orders'
const both = topology({ queues: [queue('bills'), queue('orders')] })
const ofBilling = record({ project: 'billing', owned: [BILLS], adopted: [ORDERS], protected: [BILLS] })
const from = { takesOver: ['billing'] }

/** One object of each kind. */
const EVERYTHING: Topology = topology({
  vhosts: [vhost('/', { claimed: true })],
  exchanges: [exchange('events')],
  queues: [queue('bills')],
  bindings: [binding('events', 'bills')],
  users: [user('svc')],
  permissions: [permission('svc')],
  topicPermissions: [{ vhost: '/', user: 'svc', exchange: 'events', write: '', read: '' }],
  policies: [policy('limit')],
  operatorPolicies: [policy('most')],
  parameters: [{ vhost: '/', component: 'shovel', name: 'move', value: {} }],
  globalParameters: [{ name: 'setting', value: 1 }],
})

function addressesOf(kind: Kind): readonly string[] {
  return objectsOf(kind, EVERYTHING).map((object) => addressOf(kind, object))
}

describe('a plan that takes objects over', () => {
  it('moves entries unchanged: owned, adopted and protected', () => {
    const plan = planOf(both, both, owned(ofBilling), {}, from)

    expect(plan).toMatchObject({ changes: [], blocks: [] })
    expect(plan.ownership.records).toMatchObject([
      { vhost: '/', take: [{ from: 'billing', owned: [BILLS], adopted: [ORDERS], protected: [BILLS] }] },
    ])
  })

  it('does nothing if there is nothing left to take over', () => {
    const settled = planOf(both, both, owned(record({ owned: [BILLS, ORDERS] })), {}, from)

    expect(settled).toMatchObject({ changes: [], blocks: [], ownership: { records: [] } })
  })

  it('has a digest that depends on the objects and their former owners', () => {
    const shipping = { ...ofBilling, project: 'shipping' }
    const settled = record({ owned: [BILLS, ORDERS], protected: [BILLS] })
    const digests = [
      planOf(both, both, owned(settled)),
      planOf(both, both, owned(ofBilling), {}, from),
      planOf(both, both, owned(shipping), {}, { takesOver: ['shipping'] }),
      planOf(both, both, owned({ ...ofBilling, protected: [] }), {}, from),
    ].map(({ digest }) => digest)

    expect(new Set(digests).size).toBe(digests.length)
  })

  it('is blocked by an unfinished migration of the former owner', () => {
    const foreignMoves = [{ project: 'billing', vhost: '/' }]

    expect(planOf(both, both, { ...owned(ofBilling), foreignMoves }, {}, from).blocks).toEqual([
      { reason: 'hand-over-unfinished', address: 'vhost:%2F', project: 'billing' },
    ])
  })

  it('is blocked by an object that a stopped run of the former owner intended to create', () => {
    const intended = [{ run: 'r', at: '2026-01-01T00:00:00.000Z', addresses: [ORDERS] }]
    const unsure = { ...ofBilling, adopted: [], intended }

    expect(planOf(both, both, owned(unsure), {}, from).blocks).toContainEqual({
      reason: 'hand-over-unfinished',
      address: ORDERS,
      project: 'billing',
    })
  })
})

it('a plan that releases an object has a different digest', () => {
  const released = topology({ queues: [queue('bills', { external: true }), queue('orders')] })
  const ours = owned(record({ owned: [BILLS, ORDERS] }))
  const withoutOwner = owned(record({ owned: [ORDERS] }))

  expect(planOf(both, released, ours).ownership.records).toMatchObject([{ release: [BILLS] }])
  expect(planOf(both, released, ours).digest).not.toBe(planOf(both, released, withoutOwner).digest)
})

describe('an object that the record of another project names as well', () => {
  it.each(KINDS)('is deleted neither by a prune nor by a destroy: %s', (kind) => {
    const named = addressesOf(kind)
    const ours = record({ owned: named })
    const theirs = record({ project: 'billing', owned: named })
    const allowed = { allowDelete: new Set(named), maxDeletes: { count: 100 } }
    const deleted = (records: readonly OwnershipRecord[], mode: Partial<PlanMode>) =>
      planOf(EVERYTHING, topology(), owned(...records), { ...allowed, ...mode }).changes.filter(
        ({ action, address }) => action === 'delete' && named.includes(address),
      )

    expect(deleted([ours], { destroy: true })).toHaveLength(named.length)
    for (const mode of [{ prune: true }, { destroy: true }]) expect(deleted([ours, theirs], mode)).toEqual([])
  })
})
