import { describe, expect, it } from 'vitest'
import { KINDS } from '../../../src/model/topology.ts'
import type { BoundPlan } from '../../../src/plan/saved/saved-plan.ts'
import { bindToLive } from '../../../src/plan/saved/saved-plan.ts'
import { recheckPlan } from '../../../src/operations/saved/recheck-plan.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const live = topology({ vhosts: [vhost('/'), vhost('acme')], users: [user('worker')] })
const desired = topology({ users: [user('worker', { declaredIn: ['/'] })] })
const tenant = record({ vhost: 'acme', owned: ['user:worker'] })
const both = [record({ owned: ['user:worker'] }), tenant]

/** A saved plan that prunes a removed tenant, checked again on a broker with these records. */
function recheckedWith(...records: readonly OwnershipRecord[]) {
  const plan = planOf(live, desired, { ...owned(...both), entered: ['acme'] }, { prune: true })
  const saved: BoundPlan = bindToLive(plan, live)
  const { broker } = planOf(live, live)
  const now = {
    broker: { ...broker, exchangeTypes: [], forbidsOperatorPolicies: false, deniedFeatures: [] },
    topology: live,
    login: { user: 'warren' },
    untouchable: new Set<string>(),
    messages: new Map<string, number>(),
    kindsRead: new Set(KINDS),
    ...owned(...records),
  }
  return recheckPlan(saved, saved.changes, now).records
}

describe('a saved plan that removes a tenant', () => {
  it('drops a shared user from the record of the tenant, as a direct apply does', () => {
    expect(recheckedWith(...both)).toMatchObject([{ vhost: 'acme', drop: ['user:worker'], forget: [] }])
  })

  it('drops nothing that no other record of the project names by now', () => {
    expect(recheckedWith(tenant)).toEqual([])
  })
})
