import { describe, expect, it } from 'vitest'
import { addressOf } from '../../../src/model/address.ts'
import type { Arguments } from '../../../src/model/arguments.ts'
import type { Kind, ObjectOf, Policy, Topology } from '../../../src/model/topology.ts'
import type { PlannedTopology } from '../../../src/plan/planned-topology.ts'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const wait = (table: Arguments) => queue('wait', { arguments: { 'x-message-ttl': 9, ...table } })

/** The blocks of a prune of the queue `work`, for which messages wait in `wait`. */
function blocks(table: Arguments, messages = 3, allow: string[] = []) {
  const kept = { exchanges: [exchange('back'), exchange('kept')], queues: [wait(table), queue('other')] }
  const live = {
    ...kept,
    queues: [...kept.queues, queue('work')],
    bindings: [binding('back', 'work', { routingKey: 'k' }), binding('back', 'other', { routingKey: 'o' })],
  }
  const counts = new Map([['queue:%2F/wait', { messages, consumers: 0 }]])
  const ours = owned(record({ owned: ['queue:%2F/work', 'binding:%2F/back/queue/work/k'] }))
  const desired = topology({ ...kept, bindings: [binding('back', 'other', { routingKey: 'o' })] })
  return planOf(topology(live), desired, { ...ours, counts }, { prune: true, allowDelete: new Set(allow) }).blocks
}

const back = { 'x-dead-letter-exchange': 'back', 'x-dead-letter-routing-key': 'k' }

it.each([
  ['by an exchange', back],
  ['by the default exchange', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' }],
])('a prune is blocked while messages for the queue wait in other queues, %s', (_, table) => {
  const found = blocks(table)

  expect(found).toEqual([
    { reason: 'awaited', address: 'queue:%2F/work', queues: [{ address: 'queue:%2F/wait', messages: 3 }] },
  ])
  expect(found.flatMap((each) => explainBlock(each))).toEqual([
    'messages that wait in other queues would reach no queue without it: 3 messages in queue:%2F/wait',
    'wait until they have arrived, or accept their loss with  --allow delete=queue:%2F/work',
  ])
})

it('a prune of a binding is blocked while messages that need it wait in other queues, even if both of its ends are kept', () => {
  const kept = { exchanges: [exchange('back')], queues: [wait(back), queue('work')] }
  const live = topology({ ...kept, bindings: [binding('back', 'work', { routingKey: 'k' })] })
  const at = 'binding:%2F/back/queue/work/k'
  const counts = new Map([['queue:%2F/wait', { messages: 3, consumers: 0 }]])
  const plan = planOf(live, topology(kept), { ...owned(record({ owned: [at] })), counts }, { prune: true })

  expect(plan.blocks).toEqual([
    { reason: 'awaited', address: at, queues: [{ address: 'queue:%2F/wait', messages: 3 }] },
  ])
})

it('a prune is not blocked if nothing waits, the delete is allowed, or there is another route', () => {
  expect(blocks(back, 0)).toEqual([])
  expect(blocks(back, 3, ['queue:%2F/work'])).toEqual([])
  expect(blocks({ ...back, 'x-dead-letter-routing-key': 'o' })).toEqual([])
  expect(blocks({ 'x-dead-letter-exchange': 'back' })).toEqual([])
  expect(blocks({})).toEqual([])
})

/** The blocks of a prune that deletes `gone`, while three messages wait in `wait`. */
function blocksWithout(
  gone: readonly string[],
  live: Partial<Topology>,
  {
    desired = withoutAddresses(live, gone),
    ...around
  }: Partial<PlannedTopology> & { desired?: Partial<Topology> } = {},
) {
  const counts = new Map([['queue:%2F/wait', { messages: 3, consumers: 0 }]])
  const ours = owned(record({ owned: [...gone] }))
  return planOf(topology(live), topology(desired), { ...ours, counts, ...around }, { prune: true }).blocks
}

function withoutAddresses(live: Partial<Topology>, gone: readonly string[]): Partial<Topology> {
  const kept = <K extends Kind>(kind: K, objects: readonly ObjectOf[K][] = []) =>
    objects.filter((each) => !gone.includes(addressOf(kind, each)))
  return {
    exchanges: kept('exchange', live.exchanges),
    queues: kept('queue', live.queues),
    bindings: kept('binding', live.bindings),
    policies: kept('policy', live.policies),
  }
}

const awaited = (at: string) => ({
  reason: 'awaited',
  address: at,
  queues: [{ address: 'queue:%2F/wait', messages: 3 }],
})

describe('the deletion of a queue for which messages wait in other queues', () => {
  const toWork = {
    exchanges: [exchange('back')],
    queues: [queue('wait'), queue('work')],
    bindings: [binding('back', 'work', { routingKey: 'k' })],
  }
  const work = ['queue:%2F/work', 'binding:%2F/back/queue/work/k']
  const leads = { 'dead-letter-exchange': 'back', 'dead-letter-routing-key': 'k' }
  const byPolicy = (definition: Arguments, pattern = '^wait$') => ({
    ...toWork,
    policies: [policy('leads', { pattern, definition })],
  })

  it('is blocked if a policy leads their dead letters to it', () => {
    expect(blocksWithout(work, byPolicy(leads))).toEqual([awaited('queue:%2F/work')])
    expect(blocksWithout(work, byPolicy({ ...leads, 'dead-letter-routing-key': 'other' }))).toEqual([])
    expect(blocksWithout(work, byPolicy(leads, '^other$'))).toEqual([])
  })

  it('is blocked if a policy may lead them to it whose pattern only the broker can evaluate', () => {
    expect(blocksWithout(work, byPolicy(leads, '^(?>wait)$'))).toEqual([awaited('queue:%2F/work')])
  })

  it('is blocked if an argument leads them to it with a key that a policy sets', () => {
    const queues = [queue('wait', { arguments: { 'x-dead-letter-exchange': 'back' } }), queue('work')]

    expect(blocksWithout(work, { ...byPolicy({ 'dead-letter-routing-key': 'k' }), queues })).toEqual([
      awaited('queue:%2F/work'),
    ])
  })

  it('is blocked if a bound exchange or an alternate exchange leads them to it', () => {
    const wait = queue('wait', { arguments: { 'x-dead-letter-exchange': 'first', 'x-dead-letter-routing-key': 'k' } })
    const live = { ...toWork, queues: [wait, queue('work')] }
    const bound = {
      ...live,
      exchanges: [exchange('first', { type: 'topic' }), exchange('back')],
      bindings: [...toWork.bindings, binding('first', 'back', { destinationType: 'exchange', routingKey: '#' })],
    }
    const alternate = {
      ...live,
      exchanges: [exchange('first', { arguments: { 'alternate-exchange': 'back' } }), exchange('back')],
    }

    expect(blocksWithout(work, bound)).toEqual([awaited('queue:%2F/work')])
    expect(blocksWithout(work, alternate)).toEqual([awaited('queue:%2F/work')])
  })

  it('is blocked if their own key leads to it, although other keys lead elsewhere', () => {
    const live = {
      exchanges: [exchange('in'), exchange('back')],
      queues: [queue('wait', { arguments: { 'x-dead-letter-exchange': 'back' } }), queue('work'), queue('other')],
      bindings: [
        binding('in', 'wait', { routingKey: 'k' }),
        binding('back', 'work', { routingKey: 'k' }),
        binding('back', 'other', { routingKey: 'o' }),
      ],
    }

    expect(blocksWithout(work, live)).toEqual([awaited('queue:%2F/work')])
    // None of the messages arrived with the key `o`.
    expect(blocksWithout(['queue:%2F/other', 'binding:%2F/back/queue/other/o'], live)).toEqual([])
  })

  it('is blocked if it belongs to a rename', () => {
    const wait = queue('wait', { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' } })
    const desired = { queues: [wait, queue('job', { renamedFrom: 'work' })] }

    expect(blocksWithout(['queue:%2F/work'], { queues: [wait, queue('work')] }, { desired })).toEqual([
      awaited('queue:%2F/work'),
    ])
  })

  it('is blocked if they cannot be counted', () => {
    const around = { counts: new Map(), uncountedQueues: new Map([['queue:%2F/wait', 'it has lost its majority']]) }

    expect(blocksWithout(work, byPolicy(leads), around)).toEqual([
      {
        reason: 'queue-uncounted',
        address: 'queue:%2F/work',
        queue: 'queue:%2F/wait',
        because: 'it has lost its majority',
      },
    ])
  })
})

describe('the policy that leads dead letters away', () => {
  const live = (definition: Arguments) => ({
    exchanges: [exchange('back')],
    queues: [queue('wait'), queue('work')],
    bindings: [binding('back', 'work')],
    policies: [policy('leads', { pattern: '^wait$', definition: { 'dead-letter-exchange': 'back', ...definition } })],
  })

  it('is kept while messages wait until they expire', () => {
    expect(blocksWithout(['policy:%2F/leads'], live({ 'message-ttl': 9 }))).toEqual([awaited('policy:%2F/leads')])
  })

  it('is kept while it sets the key or the alternate exchange by which they arrive', () => {
    const wait = queue('wait', { arguments: { 'x-dead-letter-exchange': 'first' } })
    const queues = [wait, queue('work')]
    const key = {
      exchanges: [exchange('first')],
      queues,
      bindings: [binding('first', 'work', { routingKey: 'k' })],
      policies: [policy('leads', { pattern: '^wait$', definition: { 'dead-letter-routing-key': 'k' } })],
    }
    const alternate = {
      exchanges: [exchange('first'), exchange('back', { type: 'fanout' })],
      queues,
      bindings: [binding('back', 'work')],
      policies: [policy('leads', { pattern: '^first$', definition: { 'alternate-exchange': 'back' } })],
    }

    expect(blocksWithout(['policy:%2F/leads'], key)).toEqual([awaited('policy:%2F/leads')])
    expect(blocksWithout(['policy:%2F/leads'], alternate)).toEqual([awaited('policy:%2F/leads')])
  })

  it('may be deleted with all of its targets if nothing expires', () => {
    const gone = ['policy:%2F/leads', 'exchange:%2F/back', 'queue:%2F/work', 'binding:%2F/back/queue/work/']

    expect(blocksWithout(['policy:%2F/leads'], live({}))).toEqual([])
    expect(blocksWithout(gone, live({}))).toEqual([])
  })
})

describe('a policy that is written', () => {
  const own = ['policy:%2F/leads', 'policy:%2F/alternate']
  const waiting = { 'message-ttl': 9, 'dead-letter-exchange': 'back' }
  const there = {
    exchanges: [exchange('back', { type: 'fanout' }), exchange('other', { type: 'fanout' })],
    queues: [queue('wait'), queue('work')],
    bindings: [binding('back', 'work')],
  }
  const leads = (definition: Arguments) => policy('leads', { pattern: '^wait$', definition })
  const changed = (...policies: Policy[]) =>
    blocksWithout(own, { ...there, policies: [leads(waiting)] }, { desired: { ...there, policies } })

  it('does not remove a route that expiring messages need', () => {
    expect(changed(leads({ 'message-ttl': 9 }))).toEqual([awaited('policy:%2F/leads')])
    expect(changed(leads({ ...waiting, 'dead-letter-exchange': 'other' }))).toEqual([awaited('policy:%2F/leads')])
    expect(changed(leads(waiting))).toEqual([])
  })

  it('does not displace a policy that routes them', () => {
    const over = policy('over', { pattern: '^wait$', priority: 5, definition: { 'max-length': 9 } })

    expect(changed(leads(waiting), over)).toEqual([awaited('policy:%2F/over')])
  })

  it('does not remove an alternate exchange by which they arrive', () => {
    const wait = queue('wait', { arguments: { 'x-message-ttl': 9, 'x-dead-letter-exchange': 'other' } })
    const live = { ...there, queues: [wait, queue('work')] }
    const alternate = (definition: Arguments) => policy('alternate', { pattern: '^other$', definition })
    const desired = { ...live, policies: [alternate({})] }

    expect(
      blocksWithout(own, { ...live, policies: [alternate({ 'alternate-exchange': 'back' })] }, { desired }),
    ).toEqual([awaited('policy:%2F/alternate')])
  })
})
