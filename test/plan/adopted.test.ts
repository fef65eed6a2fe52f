import { describe, expect, it } from 'vitest'
import { recordsAfter, recordsBefore } from '../../src/apply/ownership/next-records.ts'
import type { Outcome } from '../../src/apply/report.ts'
import { addressOf } from '../../src/model/address.ts'
import { hasWork } from '../../src/plan/ownership/ownership-changes.ts'
import { binding, exchange, permission, queue, topology, user } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'
import { owned, record } from '../builders/records.ts'

const AT = 'queue:%2F/old'
const adoptedBindings = Array.from({ length: 60 }, (_, index) => binding('x', 'old', { routingKey: `k${index}` }))
const addresses = adoptedBindings.map((each) => addressOf('binding', each))
const live = topology({ exchanges: [exchange('x')], queues: [queue('old')], bindings: adoptedBindings })
const declared = topology({ exchanges: [exchange('x')] })
const around = (...adopted: readonly string[]) => ({
  ...owned(record({ owned: ['exchange:%2F/x'], adopted: [...adopted, ...addresses] })),
  counts: new Map([[AT, { messages: 0, consumers: 0 }]]),
})
const prune = { prune: true, maxDeletes: { count: 100 } }

describe('adopted bindings', () => {
  it('count as owned by the project, so that a prune of their queue needs only the address of the queue', () => {
    const plan = planOf(live, declared, around(AT), { ...prune, allowDelete: new Set([AT]) })

    expect(plan.blocks).toEqual([])
    expect(plan.changes.find(({ kind }) => kind === 'queue')).toMatchObject({ impact: { undeclaredBindings: 0 } })
    expect(plan.changes).toHaveLength(61)
    expect(planOf(live, declared, around(AT), prune).blocks).toEqual([{ reason: 'adopted', address: AT }])
  })

  it('are blocked by their own addresses where their queue is left out', () => {
    const plan = planOf(live, declared, around(AT), { ...prune, excludes: [AT] })

    expect(plan.blocks).toHaveLength(60)
  })

  it('are restored when their queue is replaced, without counting as undeclared', () => {
    const replaced = topology({ exchanges: [exchange('x')], queues: [queue('old', { durable: false })] })
    const plan = planOf(live, replaced, around(AT), { migrate: new Set([AT]) })

    expect(plan.changes).toMatchObject([{ action: 'replace', impact: { undeclaredBindings: 0 } }])
  })

  it('are dropped by a rename with --prune only if they are allowed, and moved by any other rename', () => {
    const [first = '', ...rest] = addresses
    const renamed = topology({ exchanges: [exchange('x')], queues: [queue('new', { renamedFrom: 'old' })] })

    expect(planOf(live, renamed, around(AT), prune).blocks).toHaveLength(60)
    expect(planOf(live, renamed, around(AT), { ...prune, allowDelete: new Set(addresses) })).toMatchObject({
      blocks: [],
      changes: [{ action: 'rename', drops: [first, ...rest] }],
    })
    const plan = planOf(live, renamed, around(AT))
    expect(plan.changes).toMatchObject([{ action: 'rename', carries: { length: 60 } }])
    const { ownership } = around(AT)
    const before = recordsBefore(ownership, plan.changes, plan.ownership.records, { run: 'r', at: 'now' })
    const done: Outcome = { address: 'queue:%2F/new', action: 'rename', status: 'done' }
    const [after] = recordsAfter(before, plan.changes, new Map([[done.address, done]])).values()
    expect(after).toEqual(
      record({
        owned: ['exchange:%2F/x', 'queue:%2F/new'],
        adopted: addresses.map((at) => at.replace('/old/', '/new/')),
      }),
    )
  })
})

describe('adopted permissions', () => {
  it('are deleted with their user, whose address alone has to be allowed', () => {
    const both = topology({ users: [user('svc')], permissions: [permission('svc')] })
    const known = owned(record({ adopted: ['user:svc', 'permission:%2F/svc'] }))
    const mode = { ...prune, allowDelete: new Set(['user:svc']) }

    expect(planOf(both, topology({ queues: [queue('q')] }), known, mode).blocks).toEqual([])
  })
})

describe('a plan that only adopts', () => {
  const both = topology({ queues: [queue('old')] })

  it('is not empty, and has a different digest', () => {
    const [adopting, settled] = [
      planOf(both, both, owned(record({ owned: ['exchange:%2F/x'] }))),
      planOf(both, both, owned(record({ owned: [AT] }))),
    ]

    expect([hasWork(adopting), hasWork(settled)]).toEqual([true, false])
    expect(adopting.digest).not.toBe(settled.digest)
    expect(settled.digest).toBe(planOf(topology(), topology()).digest)
  })

  it('has the same digest as a plan that also forgets objects that are gone', () => {
    expect(planOf(both, both, owned(record({ owned: [AT, 'queue:%2F/gone'] }))).digest).toBe(
      planOf(both, both, owned(record({ owned: [AT] }))).digest,
    )
  })
})
