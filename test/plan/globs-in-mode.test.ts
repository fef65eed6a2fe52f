import { describe, expect, it } from 'vitest'
import type { PlanMode } from '../../src/plan/plan-mode.ts'
import { exchange, policy, queue, topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'
import { owned, record } from '../builders/records.ts'

const quorum = { type: 'quorum' } as const

describe('globs in --migrate and --allow', () => {
  const live = topology({
    exchanges: [exchange('a.x')],
    queues: [queue('a.1'), queue('a.2'), queue('a.3', quorum), queue('b.1'), queue('a.old'), queue('a.stray')],
  })
  const desired = topology({
    exchanges: [exchange('a.x', { type: 'fanout' })],
    queues: [queue('a.1', quorum), queue('a.2', quorum), queue('a.3', quorum), queue('b.1', quorum)],
  })
  const names = ['queue:%2F/a.1', 'queue:%2F/a.2', 'queue:%2F/a.3', 'queue:%2F/b.1', 'queue:%2F/a.old']
  const records = owned(record({ owned: [...names, 'exchange:%2F/a.x'] }))
  const counts = new Map([['queue:%2F/a.old', { messages: 3, consumers: 0 }]])
  const planWith = (mode: Partial<PlanMode>) => planOf(live, desired, { ...records, counts }, mode)
  const blocked = (mode: Partial<PlanMode>) => planWith(mode).blocks.map(({ address }) => address)

  it('permit the steps of every object that they match, and record only those in the plan', () => {
    const plan = planWith({
      migrate: new Set(['queue:%2F/a.*']),
      allowReplace: new Set(['exchange:%2F/*']),
    })

    expect(plan.mode).toMatchObject({
      migrate: ['queue:%2F/a.1', 'queue:%2F/a.2'],
      allowReplace: ['exchange:%2F/a.x'],
    })
    expect(plan.changes.flatMap((each) => ('how' in each ? [[each.address, each.how]] : []))).toEqual([
      ['exchange:%2F/a.x', 'recreate'],
      ['queue:%2F/a.1', 'migrate'],
      ['queue:%2F/a.2', 'migrate'],
      ['queue:%2F/b.1', 'undecided'],
    ])
    expect(plan.blocks.map(({ address }) => address)).toEqual(['queue:%2F/b.1'])
  })

  it('keep addresses in full next to globs, even if nothing needs them any more', () => {
    const { mode } = planWith({
      migrate: new Set(['queue:%2F/a.3', 'queue:%2F/b*']),
    })

    expect(mode.migrate).toEqual(['queue:%2F/a.3', 'queue:%2F/b.1'])
  })

  it('permit the loss of messages of owned objects only', () => {
    const rest = {
      migrate: new Set(['queue:*']),
      allowReplace: new Set(['exchange:*']),
      prune: true,
    }

    expect(blocked(rest)).toEqual(['queue:%2F/a.old'])
    const plan = planWith({ ...rest, allowDelete: new Set(['queue:%2F/*']) })
    expect([plan.blocks, plan.mode.allowDelete]).toEqual([[], ['queue:%2F/a.old']])
    expect(plan.changes.map(({ address }) => address)).not.toContain('queue:%2F/a.stray')
  })

  it('permit a lower limit in a policy that they match', () => {
    const queues = [queue('logs')]
    const lower = topology({
      queues,
      policies: [policy('short', { definition: { 'max-length': 1 } })],
    })
    const around = {
      ...owned(record({ owned: ['queue:%2F/logs'] })),
      counts: new Map([['queue:%2F/logs', { messages: 3, consumers: 0 }]]),
    }
    const planOfPolicy = (allowDelete: ReadonlySet<string>) =>
      planOf(topology({ queues }), lower, around, { allowDelete })

    expect(planOfPolicy(new Set()).blocks).toMatchObject([{ reason: 'limit-lowered' }])
    expect(planOfPolicy(new Set(['policy:*']))).toMatchObject({
      blocks: [],
      mode: { allowDelete: ['policy:%2F/short'] },
    })
  })
})
