import { describe, expect, it } from 'vitest'
import { KINDS, type Topology } from '../../../src/model/topology.ts'
import type { PlannedTopology } from '../../../src/plan/planned-topology.ts'
import type { BoundPlan } from '../../../src/plan/saved/saved-plan.ts'
import { bindToLive } from '../../../src/plan/saved/saved-plan.ts'
import { recheckPlan } from '../../../src/operations/saved/recheck-plan.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const live = topology({ vhosts: [vhost('/'), vhost('acme')], users: [user('worker')] })
const desired = topology({ users: [user('worker', { declaredIn: ['/'] })] })
const tenant = record({ vhost: 'acme', owned: ['user:worker'] })
const both = [record({ owned: ['user:worker'] }), tenant]

/** The view of a plan on a broker with these objects and records. */
function brokerWith(objects: Topology, parts: Partial<PlannedTopology>): PlannedTopology {
  const { broker } = planOf(objects, objects)
  return {
    broker: { ...broker, exchangeTypes: [], forbidsOperatorPolicies: false, deniedFeatures: [] },
    topology: objects,
    login: { user: 'warren' },
    untouchable: new Set<string>(),
    messages: new Map<string, number>(),
    kindsRead: new Set(KINDS),
    ...parts,
  }
}

/** A saved plan that prunes a removed tenant, checked again on a broker with these records. */
function recheckedWith(...records: readonly OwnershipRecord[]) {
  const plan = planOf(live, desired, { ...owned(...both), entered: ['acme'] }, { prune: true })
  const saved: BoundPlan = bindToLive(plan, live)
  return recheckPlan(saved, saved.changes, brokerWith(live, owned(...records))).records
}

describe('a saved plan that removes a tenant', () => {
  it('drops a shared user from the record of the tenant, as a direct apply does', () => {
    expect(recheckedWith(...both)).toMatchObject([{ vhost: 'acme', drop: ['user:worker'], forget: [] }])
  })

  it('keeps entries that no other record of the project names', () => {
    expect(recheckedWith(tenant)).toEqual([])
  })
})

describe('a saved plan whose queue was declared by a stopped run', () => {
  it('reports queues that do not answer in the same way as a new plan', () => {
    const queues = ['half', 'minority'].map((name) => queue(name, { type: 'quorum' }))
    const both = topology({ vhosts: [vhost('/', { claimed: true })], queues })
    const none = { ...both, queues: [] }
    const saved: BoundPlan = bindToLive(planOf(none, both, owned(record({}))), none)
    const silent = {
      ...owned(record({ owned: ['queue:%2F/half', 'queue:%2F/minority'] })),
      halfDeclared: new Map([['queue:%2F/half', '0 of its 1 members are online']]),
      lostMajority: new Map([['queue:%2F/minority', { members: 3, online: 1 }]]),
    }
    const { blocks, notes } = planOf(both, both, silent)

    expect(blocks).toMatchObject([{ reason: 'half-declared', address: 'queue:%2F/half' }])
    expect(notes).toMatchObject([{ note: 'majority-lost', addresses: ['queue:%2F/minority'] }])
    expect(recheckPlan(saved, [], brokerWith(both, silent))).toMatchObject({ blocks, notes })
  })
})
