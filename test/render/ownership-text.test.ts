import { describe, expect, it } from 'vitest'
import { ownershipChanges } from '../../src/plan/ownership/ownership-changes.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { confirmationText } from '../../src/render/text/confirmation-text.ts'
import { planDiff } from '../../src/render/diff/plan-diff.ts'
import { planJson } from '../../src/render/json/plan-json.ts'
import { summaryText } from '../../src/render/text/plan-summary.ts'
import { planText } from '../../src/render/text/plan-text.ts'
import { reportText } from '../../src/render/text/report-text.ts'
import { styleFor } from '../../src/render/words/style.ts'
import { exchange, queue, topology, user, vhost } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'
import { owned, record } from '../builders/records.ts'

const plain = styleFor(false)
const queuesOf = (count: number) => topology({ queues: Array.from({ length: count }, (_, at) => queue(`q${at + 10}`)) })
const adopting = (count: number) => planOf(queuesOf(count), queuesOf(count), owned(record()))
const head = (plan: Plan) => planText(plan, plain).split('\n\n')[0] ?? ''

describe('a plan that adopts', () => {
  it('names objects that become owned in every format, and above the question', () => {
    const plan = adopting(2)

    expect(head(plan)).toContain(
      'Owner    2 existing objects without an owner: the apply records them as adopted\n         queue:%2F/q10\n         queue:%2F/q11',
    )
    expect(planDiff(plan)).toContain(
      '+ownership:\n+  shop:\n+    adopted:\n+      - queue:%2F/q10\n+      - queue:%2F/q11\n',
    )
    expect(JSON.parse(planJson(plan))).toMatchObject({ ownership: { adopts: ['queue:%2F/q10', 'queue:%2F/q11'] } })
    expect(confirmationText(plan)).toContain(
      'This project adopts 2 existing objects:\n  queue:%2F/q10\n  queue:%2F/q11\n',
    )
  })

  it('names the first ten of a large list and how many follow, and all of them in JSON', () => {
    const plan = adopting(1_234)

    for (const text of [head(plan), planDiff(plan), confirmationText(plan)]) {
      expect(text.match(/queue:/g)).toHaveLength(10)
      expect(text).toContain('and 1,224 more')
    }
    expect(planJson(plan)).toContain('queue:%2F/q1243')
  })

  it('names objects that a stopped run announced and may have created', () => {
    const both = topology({ exchanges: [exchange('x')] })
    const intended = [{ run: 'r', at: '2026-01-01T00:00:00.000Z', addresses: ['exchange:%2F/x'] }]
    const plan = planOf(both, both, owned(record({ intended })))

    expect(summaryText(plan, plain)).toContain('1 to adopt')
    expect(head(plan)).toContain(
      'Owner    1 object that a stopped run may have created: the apply records it as adopted\n         exchange:%2F/x',
    )
  })
})

describe('the diff of a plan', () => {
  it('shows the objects that are taken over, released and protected, by project', () => {
    const live = topology({ queues: [queue('bills'), queue('lent'), queue('safe')] })
    const desired = topology({
      queues: [queue('bills'), queue('lent', { external: true }), queue('safe', { protect: true })],
    })
    const plan = planOf(live, desired, owned(record({ owned: ['queue:%2F/lent', 'queue:%2F/safe'] })))
    const [records] = plan.ownership.records
    const take = [{ from: 'billing', owned: ['queue:%2F/bills'], adopted: [], protected: [] }]
    const taking = {
      ...plan,
      ownership: { ...plan.ownership, records: [{ ...records, take }] },
    } as unknown as Plan

    const lines = planDiff({ ...taking, ownership: { ...taking.ownership, adopts: [] } }).split('\n')
    expect(lines.filter((line) => /^-\s+- /.test(line))).toEqual([
      '-      - queue:%2F/bills',
      '-      - queue:%2F/lent',
    ])
    expect(lines).toContain('+    taken over:')
    expect(lines).toContain('+    protected:')
  })

  it('is empty where nothing changes', () => {
    const both = queuesOf(1)

    expect(planDiff(planOf(both, both, owned(record({ owned: ['queue:%2F/q10'] }))))).toBe('')
  })
})

describe('an adopted object that a project no longer declares', () => {
  const live = topology({ queues: [queue('kept'), queue('made'), queue('old')] })
  const desired = topology({ queues: [queue('kept')] })
  const known = owned(record({ owned: ['queue:%2F/kept', 'queue:%2F/made'], adopted: ['queue:%2F/old'] }))

  it('is counted apart from the objects that a prune deletes', () => {
    expect(summaryText(planOf(live, desired, known), plain)).toBe(
      'Summary  nothing to do, 2 unchanged, 1 no longer declared (deleted by --prune), ' +
        '1 adopted, no longer declared (pruned only with --allow delete=ADDRESS)',
    )
  })

  it('is called adopted where a prune or a destroy deletes it', () => {
    const allowDelete = new Set(['queue:%2F/old'])
    const summaries = (plan: Plan) => planText(plan, plain).match(/(owned|adopted)(, no longer declared)?$/gm)

    expect(summaries(planOf(live, desired, known, { prune: true, allowDelete }))).toEqual([
      'owned, no longer declared',
      'adopted, no longer declared',
    ])
    expect(summaries(planOf(live, desired, known, { destroy: true, allowDelete }))).toEqual([
      'owned',
      'owned',
      'adopted',
    ])
  })
})

describe('a user whom only the record of a removed tenant drops', () => {
  const live = topology({ vhosts: [vhost('/'), vhost('acme')], users: [user('worker')] })
  const desired = topology({ users: [user('worker', { declaredIn: ['/'] })] })
  const records = owned(record({ owned: ['user:worker'] }), record({ vhost: 'acme', owned: ['user:worker'] }))
  const plan = planOf(live, desired, { ...records, entered: ['acme'] }, { prune: true })

  it('is reported as still owned, not as forgotten or deleted', () => {
    expect(ownershipChanges(plan)).toMatchObject({ forgotten: [], ownedElsewhere: ['user:worker'] })
    expect(head(plan)).toContain(
      'Owner    1 object still owned through another vhost: only the record of the removed vhost drops it\n         user:worker',
    )
    expect(summaryText(plan, plain)).toContain('1 still owned through another vhost')
    const report = {
      format: 1,
      digest: '0',
      outcomes: [],
      interrupted: false,
      ownership: ownershipChanges(plan),
    } as const
    expect(reportText(report, plain)).toBe(
      'Still owned through another vhost 1, dropped only from the record of a removed one\n',
    )
  })
})
