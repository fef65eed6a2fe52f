import { describe, expect, it } from 'vitest'
import type { HandOver } from '../../../src/model/desired.ts'
import type { Topology } from '../../../src/model/topology.ts'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { queue, topology, user } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const BILLS = 'queue:%2F/bills'
const both = topology({ queues: [queue('bills'), queue('orders')] })
const orders = topology({ queues: [queue('orders')] })

/** The plan of the project `shop` in one run with the project `billing`. */
function planBeside(
  desired: Topology,
  billing: { readonly topology: Topology; readonly handOver?: HandOver },
  records: readonly OwnershipRecord[],
  mode: Partial<PlanMode> = {},
) {
  const otherProjects = [{ project: 'billing', ...billing }]
  return planOf(both, desired, { ...owned(...records), otherProjects }, mode)
}

/** The objects that a plan takes over, and their former owners. */
function takesIn({ ownership }: ReturnType<typeof planOf>) {
  return ownership.records.flatMap(({ take }) => take)
}

const ofBilling = (owns: readonly string[], properties: Partial<OwnershipRecord> = {}) =>
  record({ project: 'billing', owned: owns, ...properties })

describe('an object that moves from one project of a run to another', () => {
  it('is taken over without `takesOver`', () => {
    const plan = planBeside(both, { topology: orders }, [ofBilling([BILLS], { protected: [BILLS] })])

    expect(plan).toMatchObject({ changes: [], blocks: [] })
    expect(takesIn(plan)).toEqual([{ from: 'billing', owned: [BILLS], adopted: [], protected: [BILLS] }])
  })

  it('belongs to its former owner while that declares it too', () => {
    const plan = planBeside(both, { topology: both }, [ofBilling([BILLS])])

    expect(takesIn(plan)).toEqual([])
    expect(plan.blocks).toMatchObject([{ reason: 'foreign-owner', address: BILLS, project: 'billing' }])
  })

  it('is taken over even if its former owner still refers to it', () => {
    const refers = topology({ queues: [queue('bills', { external: true })] })

    expect(takesIn(planBeside(both, { topology: refers }, [ofBilling([BILLS])]))).toHaveLength(1)
  })

  it('is kept by a project that is not part of the run', () => {
    const plan = planOf(both, both, { ...owned(ofBilling([BILLS])), otherProjects: [] })

    expect(takesIn(plan)).toEqual([])
    expect(plan.blocks).toMatchObject([{ reason: 'foreign-owner' }])
  })

  it('is not moved if a destroy or a target leaves it out', () => {
    const records = [ofBilling([BILLS])]

    expect(takesIn(planBeside(both, { topology: orders }, records, { destroy: true }))).toEqual([])
    expect(takesIn(planBeside(both, { topology: orders }, records, { targets: ['queue:*/orders'] }))).toEqual([])
  })

  it('may be a user, which several records name', () => {
    const svc = user('svc', { declaredIn: ['/'] })
    const plan = planOf(topology({ users: [svc] }), topology({ users: [svc] }), {
      ...owned(ofBilling(['user:svc'])),
      otherProjects: [{ project: 'billing', topology: topology() }],
    })

    expect(takesIn(plan)).toEqual([{ from: 'billing', owned: ['user:svc'], adopted: [], protected: [] }])
  })
})

describe('an object that another project of the run takes over', () => {
  const records = [record({ owned: [BILLS, 'queue:%2F/orders'] })]

  it('is neither deleted by a prune of its former owner, nor counted as its own', () => {
    const plan = planBeside(orders, { topology: topology({ queues: [queue('bills')] }) }, records, { prune: true })

    expect(plan).toMatchObject({ changes: [], blocks: [], prunable: 0, ownership: { records: [], unfinished: [] } })
  })

  it('is deleted by a prune when no project takes it over', () => {
    const plan = planBeside(orders, { topology: topology() }, records, { prune: true })

    expect(plan.changes).toMatchObject([{ action: 'delete', address: BILLS }])
  })

  it('is not released when its former owner refers to it', () => {
    const refers = topology({ queues: [queue('bills', { external: true }), queue('orders')] })
    const plan = planBeside(refers, { topology: topology({ queues: [queue('bills')] }) }, records)

    expect(plan).toMatchObject({ blocks: [], ownership: { records: [] } })
  })

  it('blocks its former owner if that declares it and the other one has `takesOver`', () => {
    const plan = planBeside(both, { topology: both, handOver: { takesOver: ['shop'] } }, records)

    expect(plan.blocks).toMatchObject([
      { reason: 'foreign-owner', address: BILLS, project: 'billing' },
      { reason: 'foreign-owner', address: 'queue:%2F/orders', project: 'billing' },
    ])
  })

  it('allows its former owner to take over other objects from the new owner', () => {
    const plan = planBeside(orders, { topology: topology({ queues: [queue('bills')] }) }, [
      record({ owned: [BILLS] }),
      ofBilling(['queue:%2F/orders']),
    ])

    expect(plan).toMatchObject({ changes: [], blocks: [] })
    expect(takesIn(plan)).toEqual([{ from: 'billing', owned: ['queue:%2F/orders'], adopted: [], protected: [] }])
  })
})
