import { describe, expect, it } from 'vitest'
import { driftOf, hasDrifted } from '../../src/plan/drift.ts'
import { SecretRegistry } from '../../src/model/secrets/secret-registry.ts'
import { queue, topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

const bills = topology({ queues: [queue('bills')] })
const nothing = topology({})

describe('driftOf', () => {
  it('keeps the changes of objects, and gets the digest of its remaining content', () => {
    const plan = planOf(nothing, bills)
    const drift = driftOf(plan, new SecretRegistry())

    expect(drift.changes).toEqual(plan.changes)
    expect(hasDrifted(drift)).toBe(true)
    expect(drift.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('leaves out changes of ownership and missing rights', () => {
    const plan = planOf(bills, bills)
    const record = { vhost: '/', adopt: ['queue:%2F/bills'], release: [], forget: [], drop: [], protect: [] }
    const pending = {
      ...plan,
      rights: { user: 'ann', missing: [], grants: [] },
      ownership: {
        ...plan.ownership,
        adopts: ['queue:%2F/bills'],
        unfinished: ['queue:%2F/bills'],
        records: [{ ...record, unprotect: [], take: [] }],
      },
    }

    const drift = driftOf(pending, new SecretRegistry())

    expect(drift.ownership).toMatchObject({ adopts: [], unfinished: [], records: [] })
    expect(drift).not.toHaveProperty('rights')
    expect(hasDrifted(drift)).toBe(false)
  })
})
