import { describe, expect, it } from 'vitest'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const at = 'queue:%2F/q'
const live = topology({ queues: [queue('q')], bindings: [binding('amq.topic', 'q', { routingKey: 'k' })] })
const desired = topology({ queues: [queue('q', { type: 'quorum' })] })
const counts = new Map([[at, { messages: 7, consumers: 1 }]])
const impact = { messages: 7, consumers: 1, bindings: ['binding:%2F/amq.topic/queue/q/k'], undeclaredBindings: 1 }
const own = owned(record({ owned: [at, 'exchange:%2F/x'] }))
const around = { ...own, counts }

describe('a queue that cannot be changed in place', () => {
  it('is not replaced unless you ask for it, and the plan names the messages at risk', () => {
    const plan = planOf(live, desired, around)

    expect(plan.changes).toMatchObject([{ action: 'replace', how: 'undecided', impact }])
    expect(plan.blocks).toEqual([
      { reason: 'needs-replacement', address: at, kind: 'queue', properties: ['type'], impact },
    ])
  })

  it('is recreated where its address is allowed, and moved where it is migrated', () => {
    expect(planOf(live, desired, around, { allowReplace: new Set([at]) })).toMatchObject({
      blocks: [],
      changes: [{ how: 'recreate', impact }],
    })
    expect(planOf(live, desired, around, { migrate: new Set([at]), allowReplace: new Set([at]) })).toMatchObject({
      blocks: [],
      changes: [{ how: 'migrate', impact }],
    })
  })

  it('is not replaced while it is protected, whatever is allowed', () => {
    const guarded = topology({ queues: [queue('q', { type: 'quorum', protect: true })] })
    const mode = { allowReplace: new Set([at]), migrate: new Set([at]) }

    expect(planOf(live, guarded, around, mode).blocks).toEqual([
      { reason: 'protected', address: at, action: 'replace' },
    ])
  })

  it('is not replaced where nothing can be counted', () => {
    const uncounted = 'AMQP cannot be reached'

    expect(planOf(live, desired, { ...own, uncounted }, { allowReplace: new Set([at]) }).blocks).toEqual([
      { reason: 'uncounted', address: at, because: uncounted },
    ])
  })

  it('is offered a policy instead, if a policy can set all differences and the queue sets none of them', () => {
    const limited = (table: object) => topology({ queues: [queue('q', { arguments: { ...table } })] })

    expect(planOf(live, limited({ 'x-max-length': 5, 'x-message-ttl': 9 }), around).blocks).toMatchObject([
      { reason: 'needs-replacement', byPolicy: ['max-length', 'message-ttl'] },
    ])
    for (const [before, after] of [
      [live, limited({ 'x-max-length': 5, 'x-max-priority': 3 })],
      [limited({ 'x-max-length': 4 }), limited({ 'x-max-length': 5 })],
    ] as const) {
      expect(planOf(before, after, own).blocks[0]).not.toHaveProperty('byPolicy')
    }
  })

  it('is migrated together with its dead-letter and delay queues', () => {
    const ladder = (type: 'classic' | 'quorum') =>
      topology({
        queues: [
          queue('q', { type }),
          queue('q.dead', { type, role: { kind: 'dead-letter', of: 'q' } }),
          queue('q.retry.5s', {
            type,
            arguments: { 'x-message-ttl': 5_000, 'x-dead-letter-exchange': 'q.failed' },
            role: { kind: 'delay', of: 'q' },
          }),
          queue('other', { type }),
        ],
      })
    const plan = planOf(ladder('classic'), ladder('quorum'), owned(), { adopt: true, migrate: new Set([at]) })

    expect(plan.changes.map((each) => [each.address, 'how' in each && each.how])).toEqual([
      ['queue:%2F/other', 'undecided'],
      [at, 'migrate'],
      ['queue:%2F/q.dead', 'migrate'],
      ['queue:%2F/q.retry.5s', 'migrate'],
    ])
    expect(plan.blocks.map(({ address }) => address)).toEqual(['queue:%2F/other'])
    expect(planOf(ladder('classic'), ladder('quorum'), owned(), { adopt: true }).blocks).toMatchObject([
      {},
      {},
      { address: 'queue:%2F/q.dead', migratedWith: at },
      { address: 'queue:%2F/q.retry.5s', migratedWith: at },
    ])
  })
})

describe('an exchange that cannot be changed in place', () => {
  const bindings = [
    binding('x', 'q', { routingKey: 'k' }),
    binding('amq.topic', 'x', { routingKey: '#', destinationType: 'exchange' }),
  ]
  const before = topology({ exchanges: [exchange('x')], queues: [queue('q')], bindings })
  const after = topology({ exchanges: [exchange('x', { type: 'topic' })], queues: [queue('q')] })

  it('names all bindings that it has, from and to it', () => {
    const named = {
      bindings: ['binding:%2F/amq.topic/exchange/x/%23', 'binding:%2F/x/queue/q/k'],
      undeclaredBindings: 2,
    }

    expect(planOf(before, after, own).blocks).toEqual([
      {
        reason: 'needs-replacement',
        address: 'exchange:%2F/x',
        kind: 'exchange',
        properties: ['type'],
        impact: named,
      },
    ])
    expect(planOf(before, after, own, { allowReplace: new Set(['exchange:%2F/x']) })).toMatchObject({
      blocks: [],
      changes: [{ how: 'recreate', impact: named }],
    })
  })

  it('has no messages that could be migrated', () => {
    expect(planOf(before, after, own, { migrate: new Set(['exchange:%2F/x']) }).changes).toMatchObject([
      { how: 'undecided' },
    ])
  })
})

describe('a renamed object', () => {
  const from = topology({ queues: [queue('old')] })
  const to = topology({ queues: [queue('new', { renamedFrom: 'old' })] })
  const old = record({ owned: ['queue:%2F/old'] })

  it('gets the new name', () => {
    const plan = planOf(from, to, owned(old))

    expect(plan).toMatchObject({ blocks: [], undeclared: 0 })
    expect(plan.changes).toMatchObject([{ action: 'rename', address: 'queue:%2F/new', from: 'queue:%2F/old' }])
  })

  it('is simply declared if the old object no longer exists', () => {
    expect(planOf(topology(), to, owned(old)).changes).toMatchObject([{ action: 'create' }])
    expect(planOf(topology({ queues: [queue('new')] }), to, owned(record({ owned: ['queue:%2F/new'] })))).toMatchObject(
      {
        changes: [],
        blocks: [],
      },
    )
  })

  it.each([
    ['both are there', topology({ queues: [queue('old'), queue('new')] }), old, 'rename-both'],
    ['the old one is another project’s', from, record({ project: 'p', owned: ['queue:%2F/old'] }), 'foreign-owner'],
    ['the old one has no owner', from, record(), 'not-owned'],
    ['the old one is protected', from, record({ ...old, protected: ['queue:%2F/old'] }), 'protected'],
  ])('is blocked while %s', (_what, before, known, reason) => {
    expect(planOf(before, to, owned(known)).blocks.map((block) => block.reason)).toContain(reason)
  })
})
