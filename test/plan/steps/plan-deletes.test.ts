import { describe, expect, it } from 'vitest'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const prune = { prune: true } as const
const noLimit: Pick<PlanMode, 'maxDeletes'> = { maxDeletes: { count: 100 } }
const left = topology({ queues: [queue('old'), queue('kept')] })
const desired = topology({ queues: [queue('kept')] })
const ofBoth = record({ owned: ['queue:%2F/kept', 'queue:%2F/old'] })
const nothing = { bindings: [], undeclaredBindings: 0 }
const actions = ({ changes }: ReturnType<typeof planOf>) => changes.map(({ action, address }) => `${action} ${address}`)

describe('a plan that prunes', () => {
  it('deletes what the project owns and no longer declares', () => {
    const plan = planOf(left, desired, owned(ofBoth), prune)

    expect(plan).toMatchObject({ blocks: [], kept: [], prunable: 0, undeclared: 0 })
    expect(plan.changes).toEqual([
      { action: 'delete', kind: 'queue', address: 'queue:%2F/old', before: queue('old'), impact: nothing },
    ])
  })

  it('is the only plan that deletes such objects: other plans only count them', () => {
    expect(planOf(left, desired, owned(ofBoth))).toMatchObject({ changes: [], blocks: [], prunable: 1, undeclared: 0 })
  })

  it('never deletes objects without an owner, nor those of another project', () => {
    const others = record({ project: 'billing', owned: ['queue:%2F/old'] })

    for (const records of [[record({ owned: ['queue:%2F/kept'] })], [record({ owned: ['queue:%2F/kept'] }), others]]) {
      expect(planOf(left, desired, owned(...records), prune)).toMatchObject({ changes: [], prunable: 0, undeclared: 1 })
    }
  })

  it('acts only in virtual hosts of the run, whatever records of others say', () => {
    const live = topology({ vhosts: [vhost('/'), vhost('b')], queues: [queue('q', { vhost: 'b' })] })
    const inB = record({ vhost: 'b', owned: ['queue:b/q'] })

    expect(planOf(live, topology(), owned(record(), inB), { ...prune, destroy: false }).changes).toEqual([])
    expect(planOf(live, topology(), owned(record(), inB), { destroy: true }).changes).toEqual([])
  })

  it('requires the address before it deletes an adopted object, or one that a stopped run only intended', () => {
    const claim = { run: 'r', at: '2026-01-01T00:00:00.000Z', addresses: ['queue:%2F/old'] }

    for (const unsure of [record({ adopted: ['queue:%2F/old'] }), record({ intended: [claim] })]) {
      expect(planOf(left, desired, owned(unsure), prune).blocks).toEqual([
        { reason: 'adopted', address: 'queue:%2F/old' },
      ])
      const allowed = { ...prune, allowDelete: new Set(['queue:%2F/old']) }
      expect(planOf(left, desired, owned(unsure), allowed)).toMatchObject({
        blocks: [],
        changes: [{ action: 'delete', address: 'queue:%2F/old' }],
      })
    }
  })

  it.each([
    ['messages', { messages: 3, consumers: 0 }, { messages: 3, consumers: 0, ...nothing }],
    ['consumers', { messages: 0, consumers: 2 }, { messages: 0, consumers: 2, ...nothing }],
  ])('is blocked by %s, with their number, until the address is allowed', (_what, count, impact) => {
    const counts = new Map([['queue:%2F/old', count]])

    expect(planOf(left, desired, { ...owned(ofBoth), counts }, prune).blocks).toEqual([
      { reason: 'data-loss', address: 'queue:%2F/old', impact },
    ])
    const allowed = { ...prune, allowDelete: new Set(['queue:%2F/old']) }
    expect(planOf(left, desired, { ...owned(ofBoth), counts }, allowed).blocks).toEqual([])
  })

  it('takes the larger of two counts, since neither sees everything', () => {
    const counts = new Map([['queue:%2F/old', { messages: 1, consumers: 0 }]])
    const messages = new Map([['queue:%2F/old', 9]])

    expect(planOf(left, desired, { ...owned(ofBoth), counts, messages }, prune).blocks).toMatchObject([
      { reason: 'data-loss', impact: { messages: 9 } },
    ])
  })

  it('is blocked by an undeclared binding', () => {
    const live = { ...left, bindings: [binding('amq.topic', 'old', { routingKey: 'k' })] }
    const address = 'binding:%2F/amq.topic/queue/old/k'

    expect(planOf(live, desired, owned(ofBoth), prune).blocks).toEqual([
      { reason: 'data-loss', address: 'queue:%2F/old', impact: { bindings: [address], undeclaredBindings: 1 } },
    ])
    const ofThree = record({ owned: [...ofBoth.owned, address] })
    expect(planOf(live, desired, owned(ofThree), prune)).toMatchObject({
      blocks: [],
      changes: [{ address: 'queue:%2F/old' }, { address }],
    })
  })

  it('is blocked where messages cannot be counted, also when the address is allowed', () => {
    const uncounted = 'AMQP cannot be reached'
    const allowed = { ...prune, allowDelete: new Set(['queue:%2F/old']) }

    expect(planOf(left, desired, { ...owned(ofBoth), uncounted }, allowed).blocks).toEqual([
      { reason: 'uncounted', address: 'queue:%2F/old', because: uncounted },
    ])
  })

  it.each([
    [
      undefined,
      'the messages and consumers at risk cannot be counted: no',
      'set the AMQP address with  --amqp-url  or WARREN_AMQP_URL',
    ],
    [
      'lock',
      'nothing is deleted without the lock of the project: no',
      'make the lock available, and run the command again',
    ],
    [
      'limit',
      'the messages and consumers at risk cannot be counted: no',
      'raise that limit, or close other connections of this login, and run the command again',
    ],
  ] as const)('says what to do if messages cannot be counted for lack of: %s', (uncountedFor, ...said) => {
    const live = { ...owned(ofBoth), uncounted: 'no', ...(uncountedFor && { uncountedFor }) }

    expect(planOf(left, desired, live, prune).blocks.map((each) => explainBlock(each))).toEqual([said])
  })

  it('does not delete an object that the record protects, even with --allow', () => {
    const guarded = record({ ...ofBoth, protected: ['queue:%2F/old'] })
    const allowed = { ...prune, allowDelete: new Set(['queue:%2F/old']) }

    expect(planOf(left, desired, owned(guarded), allowed).blocks).toEqual([
      { reason: 'protected', address: 'queue:%2F/old', action: 'delete' },
    ])
  })

  it('deletes nothing of its own login', () => {
    const live = topology({ users: [user('warren')], permissions: [permission('warren')] })
    const own = record({ owned: ['user:warren', 'permission:%2F/warren'] })

    expect(planOf(live, desired, owned(own), { ...prune, ...noLimit })).toMatchObject({
      changes: [{ action: 'create', address: 'queue:%2F/kept' }],
      blocks: [
        { reason: 'own-login', address: 'permission:%2F/warren' },
        { reason: 'own-login', address: 'user:warren' },
      ],
    })
  })

  it('keeps a user that is recorded in another virtual host or by another project', () => {
    const live = topology({ vhosts: [vhost('/'), vhost('b')], users: [user('svc')] })
    const here = record({ owned: ['user:svc'] })
    const kept = [{ address: 'user:svc', reason: 'shared' }]

    for (const other of [record({ vhost: 'b', owned: ['user:svc'] }), record({ project: 'p', adopted: ['user:svc'] })])
      expect(planOf(live, desired, owned(here, other), prune)).toMatchObject({ blocks: [], kept })
    expect(actions(planOf(live, desired, owned(here), prune))).toContain('delete user:svc')
  })

  it('never deletes a virtual host', () => {
    const live = topology({ vhosts: [vhost('/', { claimed: true })] })

    expect(planOf(live, desired, owned(record({ owned: ['vhost:%2F'] })), prune).changes).toMatchObject([
      { action: 'create', kind: 'queue' },
    ])
  })
})

describe('a plan that destroys', () => {
  const all = record({ owned: ['exchange:%2F/x', 'queue:%2F/kept', 'vhost:%2F'] })
  const live = topology({ exchanges: [exchange('x')], queues: [queue('kept'), queue('strange')] })

  it('deletes all objects of the project, declared or not, except the virtual host', () => {
    const plan = planOf(live, desired, owned(all), { destroy: true })

    expect(actions(plan)).toEqual(['delete exchange:%2F/x', 'delete queue:%2F/kept'])
    expect(plan).toMatchObject({ blocks: [], kept: [{ address: 'vhost:%2F', reason: 'vhost' }] })
  })

  it('deletes the virtual host when its address is allowed', () => {
    const plan = planOf(live, desired, owned(all), { destroy: true, allowDelete: new Set(['vhost:%2F']) })

    expect(actions(plan)).toContain('delete vhost:%2F')
  })

  it('does not delete an object that its files protect, even if the record has lost the protection', () => {
    const guarded = topology({ queues: [queue('kept', { protect: true })] })

    expect(planOf(live, guarded, owned(all), { destroy: true }).blocks).toEqual([
      { reason: 'protected', address: 'queue:%2F/kept', action: 'delete' },
    ])
  })
})

describe('a delay that a ladder no longer has', () => {
  const table = { 'x-message-ttl': 30_000, 'x-dead-letter-exchange': 'q.failed', 'x-dead-letter-routing-key': 'back' }
  const delay = queue('q.retry.30s', { arguments: table })
  const rung = binding('q.failed', 'q.retry.30s', { routingKey: '30s' })
  const rest = { exchanges: [exchange('q.failed')], queues: [queue('q')] }
  const live = topology({ ...rest, queues: [...rest.queues, delay], bindings: [rung] })
  const at = { queue: 'queue:%2F/q.retry.30s', binding: 'binding:%2F/q.failed/queue/q.retry.30s/30s' }
  const records = owned(record({ owned: ['exchange:%2F/q.failed', 'queue:%2F/q', at.queue, at.binding] }))

  it('keeps its queue and binding while messages wait, which blocks nothing', () => {
    const counts = new Map([[at.queue, { messages: 4, consumers: 0 }]])

    expect(planOf(live, topology(rest), { ...records, counts }, prune)).toMatchObject({
      changes: [],
      blocks: [],
      kept: [
        { address: at.binding, reason: 'waiting', messages: 4 },
        { address: at.queue, reason: 'waiting', messages: 4 },
      ],
    })
  })

  it('is deleted when it is empty', () => {
    const counts = new Map([[at.queue, { messages: 0, consumers: 0 }]])
    const plan = planOf(live, topology(rest), { ...records, counts }, prune)

    expect(plan).toMatchObject({ blocks: [], kept: [] })
    expect(plan.changes).toMatchObject([
      { action: 'delete', address: at.queue, removedDelay: true, impact: { bindings: [at.binding] } },
      { action: 'delete', address: at.binding },
    ])
  })

  it('is an ordinary queue once the ladder is gone, and blocks with its messages', () => {
    const counts = new Map([[at.queue, { messages: 4, consumers: 0 }]])
    const plan = planOf(live, topology({ queues: [queue('q')] }), { ...records, counts }, prune)

    expect(plan).toMatchObject({ kept: [], blocks: [{ reason: 'data-loss', address: at.queue }] })
  })
})
