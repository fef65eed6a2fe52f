import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../src/plan/saved/fingerprint.ts'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { addressOf } from '../../../src/model/address.ts'
import type { Parameter, Topology } from '../../../src/model/topology.ts'
import { hasWork } from '../../../src/plan/ownership/ownership-changes.ts'
import { binding, exchange, policy, queue, topology, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const SHOVEL = 'parameter:%2F/shovel/move'

function shovel(value: Record<string, string | number> = {}): Parameter {
  return {
    vhost: '/',
    component: 'shovel',
    name: 'move',
    value: { 'src-uri': 'amqp://', 'src-queue': 'a', 'dest-uri': 'amqp://', 'dest-queue': 'b', ...value },
  }
}

const oneOff = shovel({ 'src-delete-after': 'queue-length' })

function planWith(
  desired: Partial<Topology>,
  recorded: Partial<OwnershipRecord>,
  mode: Partial<PlanMode> = {},
  live: Partial<Topology> = {},
) {
  const plan = planOf(topology(live), topology(desired), owned(record(recorded)), mode)
  return {
    creates: plan.changes.map(({ action, address }) => `${action} ${address}`),
    notes: plan.notes.filter(({ note }) => note === 'completed'),
    hasWork: hasWork(plan),
    blocks: plan.blocks,
    unchanged: plan.unchanged,
  }
}

describe('a one-off shovel that the project owns and that is gone', () => {
  it.each(['queue-length', 100])('counts as completed with src-delete-after %s and leaves nothing to do', (after) => {
    const desired = { parameters: [shovel({ 'src-delete-after': after })] }

    expect(planWith(desired, { owned: [SHOVEL] })).toEqual({
      creates: [],
      notes: [{ note: 'completed', because: 'src-delete-after', addresses: [SHOVEL] }],
      hasWork: false,
      blocks: [],
      unchanged: 1,
    })
  })

  it('is created again when its declaration has changed, when it is allowed, and when its virtual host is gone', () => {
    const selfDeleting = [{ declaration: fingerprintOf({ kind: 'parameter', object: oneOff }), addresses: [SHOVEL] }]
    const recorded = { owned: [SHOVEL], selfDeleting }
    const changed = shovel({ 'src-delete-after': 'queue-length', 'dest-queue': 'c' })

    expect(planWith({ parameters: [oneOff] }, recorded).creates).toEqual([])
    expect(planWith({ parameters: [changed] }, recorded).creates).toEqual([`create ${SHOVEL}`])
    expect(planWith({ parameters: [oneOff] }, recorded, { allowCreate: new Set([SHOVEL]) }).creates).toEqual([
      `create ${SHOVEL}`,
    ])
    const withVhost = planWith(
      { vhosts: [vhost('/', { claimed: true })], parameters: [oneOff] },
      recorded,
      {},
      { vhosts: [] },
    )
    expect(withVhost.creates).toEqual(['create vhost:%2F', `create ${SHOVEL}`])
  })

  it('is created if the project never had it, or if a stopped run may not have created it', () => {
    expect(planWith({ parameters: [oneOff] }, {}).creates).toEqual([`create ${SHOVEL}`])
    const intended = [{ run: 'r', at: '2026-01-01T00:00:00Z', addresses: [SHOVEL] }]
    expect(planWith({ parameters: [oneOff] }, { intended }).creates).toEqual([`create ${SHOVEL}`])
  })

  it('is forgotten once no file declares it', () => {
    expect(planWith({}, { owned: [SHOVEL] })).toMatchObject({ creates: [], notes: [], hasWork: true })
  })
})

it('creates a shovel that never deletes itself again, and refuses a permission for it', () => {
  const desired = { parameters: [shovel({ 'src-delete-after': 'never' })] }

  expect(planWith(desired, { owned: [SHOVEL] })).toMatchObject({ creates: [`create ${SHOVEL}`], notes: [] })
  expect(planWith(desired, { owned: [SHOVEL] }, { allowCreate: new Set([SHOVEL]) }).blocks).toEqual([
    {
      reason: 'unmatched-address',
      address: `--allow create=${SHOVEL}`,
      problem: { kind: 'not-self-deleting' },
    },
  ])
})

describe('queues and exchanges that delete themselves', () => {
  const bound = {
    exchanges: [exchange('x')],
    queues: [queue('q', { autoDelete: true })],
    bindings: [binding('x', 'q')],
  }
  const all = ['queue:%2F/q', 'binding:%2F/x/queue/q/', 'exchange:%2F/x']
  const live = { exchanges: [exchange('x')] }

  it('count as completed by an argument or a policy, also with their bindings', () => {
    expect(planWith(bound, { owned: all }, {}, live)).toMatchObject({
      creates: [],
      notes: [{ because: 'auto-delete', addresses: ['queue:%2F/q'] }],
      hasWork: false,
      unchanged: 2,
    })
    const expiring = { queues: [queue('q', { arguments: { 'x-expires': 1000 } })] }
    expect(planWith(expiring, { owned: ['queue:%2F/q'] }).notes).toMatchObject([{ because: 'expires' }])
    const policies = [policy('p', { pattern: '^q$', definition: { expires: 1000 } })]
    const byPolicy = planWith({ queues: [queue('q')], policies }, { owned: ['queue:%2F/q'] })
    expect(byPolicy.notes).toMatchObject([{ because: 'expires' }])
  })

  it('are created again when a new binding needs them', () => {
    const recorded = { owned: ['queue:%2F/q', 'exchange:%2F/x'] }

    expect(planWith(bound, recorded, {}, live).creates).toEqual(['create queue:%2F/q', 'create binding:%2F/x/queue/q/'])
  })

  it('restore an auto-delete exchange that lost the binding to a queue that is missing for another reason', () => {
    const desired = { ...bound, exchanges: [exchange('x', { autoDelete: true })], queues: [queue('q')] }

    expect(planWith(desired, { owned: all }).creates).toEqual([
      'create exchange:%2F/x',
      'create queue:%2F/q',
      'create binding:%2F/x/queue/q/',
    ])
    const completed = planWith({ ...bound, exchanges: desired.exchanges }, { owned: all })
    expect(completed).toMatchObject({ creates: [], hasWork: false })
    expect(completed.notes).toMatchObject([{ addresses: ['exchange:%2F/x', 'queue:%2F/q'] }])
  })

  it('count as completed with the topic permissions on an exchange, and are created again for a new one', () => {
    const onX = { vhost: '/', user: 'svc', exchange: 'x', write: '.*', read: '' }
    const desired = { exchanges: [exchange('x', { autoDelete: true })], topicPermissions: [onX] }
    const [x, permission] = ['exchange:%2F/x', addressOf('topic-permission', onX)]

    expect(planWith(desired, { owned: [x, permission] })).toMatchObject({ creates: [], hasWork: false })
    expect(planWith(desired, { owned: [x] }).creates).toEqual([`create ${x}`, `create ${permission}`])
  })
})
