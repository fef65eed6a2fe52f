import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { fingerprintOf } from '../../../src/plan/saved/fingerprint.ts'
import { withChecksum } from '../../../src/plan/saved/checksum.ts'
import { portablePlan } from '../../../src/plan/saved/portable-plan.ts'
import { problemOfKind, tamperedWith } from '../../../src/plan/saved/read-saved-plan.ts'
import { bindToLive, compareWithSaved, type SavedPlan } from '../../../src/plan/saved/saved-plan.ts'
import { TopologyIndex } from '../../../src/plan/topology-index.ts'
import { binding, exchange, permission, queue, topology, user, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

type Around = [around?: Parameters<typeof planOf>[2], mode?: Parameters<typeof planOf>[3]]

/** The plan in the form that is read back from its file. */
function saved(live: Topology, desired: Topology, ...more: Around): SavedPlan {
  const text = JSON.stringify(
    withChecksum(portablePlan(bindToLive(planOf(live, desired, ...more), live), new SecretRegistry())),
  )
  const plan = JSON.parse(text) as SavedPlan
  const problem = problemOfKind(plan)?.kind ?? tamperedWith(plan)
  if (problem !== undefined) throw new Error(problem)
  return plan
}

const live = topology({ exchanges: [exchange('events')], permissions: [permission('svc', { read: 'a' })] })
const desired = topology({
  exchanges: [exchange('events')],
  queues: [queue('q', { arguments: { 'x-dead-letter-exchange': 'dlx' } })],
  bindings: [binding('events', 'q', { routingKey: 'k' })],
  permissions: [permission('svc', { read: 'b' })],
})
const plan = saved(live, desired)
const fresh = { stale: [], done: new Set() }

describe('a saved plan', () => {
  it('is bound to the objects that it changes and to those that they refer to', () => {
    expect(Object.keys(plan.preconditions)).toEqual([
      'binding:%2F/events/queue/q/k',
      'exchange:%2F/dlx',
      'exchange:%2F/events',
      'permission:%2F/svc',
      'queue:%2F/q',
      'user:svc',
      'vhost:%2F',
    ])
    expect(plan.preconditions).toMatchObject({ 'queue:%2F/q': 'absent', 'user:svc': 'absent' })
  })

  it('fits the broker that it was made from, and one that has changed elsewhere', () => {
    expect(compareWithSaved(plan, live)).toEqual(fresh)
    expect(compareWithSaved(plan, { ...live, queues: [queue('other')], policies: [] })).toEqual(fresh)
  })

  it('is stale when an object that it changes has changed, and shows the difference', () => {
    expect(compareWithSaved(plan, { ...live, permissions: [permission('svc', { read: 'c' })] })).toEqual({
      stale: [
        {
          address: 'permission:%2F/svc',
          planned: 'present',
          found: 'changed',
          differences: [{ property: 'read', before: 'a', after: 'c' }],
        },
      ],
      done: new Set(),
    })
    expect(compareWithSaved(plan, { ...live, permissions: [] }).stale).toMatchObject([{ found: 'absent' }])
    expect(compareWithSaved(plan, { ...live, queues: [queue('q')] }).stale).toMatchObject([
      { address: 'queue:%2F/q', planned: 'absent', found: 'present' },
    ])
  })

  it('is stale when an object that it refers to has changed', () => {
    expect(compareWithSaved(plan, { ...live, exchanges: [exchange('events', { type: 'topic' })] }).stale).toEqual([
      { address: 'exchange:%2F/events', planned: 'present', found: 'changed', differences: [] },
    ])
    expect(compareWithSaved(plan, { ...live, exchanges: [] }).stale).toMatchObject([{ found: 'absent' }])
  })

  it('skips a change that was already made outside this run', () => {
    const meanwhile = { ...live, permissions: desired.permissions }

    expect(compareWithSaved(plan, meanwhile)).toEqual({ stale: [], done: new Set(['permission:%2F/svc']) })
    expect(compareWithSaved(plan, { ...desired, users: [] }).stale).toEqual([])
  })

  it('has to finish the work of a stopped run, whatever its state is', () => {
    const meanwhile = { ...live, permissions: desired.permissions }
    const unfinished = new Set(['permission:%2F/svc'])

    expect(compareWithSaved(plan, meanwhile, unfinished)).toMatchObject({
      stale: [{ address: 'permission:%2F/svc', found: 'changed' }],
      done: new Set(),
    })
  })

  it('has nothing to delete when the object is gone, and nothing to rename after the rename', () => {
    const old = topology({ queues: [queue('old')] })
    const rename = saved(old, topology({ queues: [queue('new', { renamedFrom: 'old' })] }))

    expect(compareWithSaved(rename, topology({ queues: [queue('new')] }))).toEqual({
      stale: [],
      done: new Set(['queue:%2F/new']),
    })
    expect(compareWithSaved(rename, topology()).stale).toMatchObject([{ address: 'queue:%2F/old', found: 'absent' }])
  })

  it.each([
    ['null', null, { problem: 'it is not a saved plan' }],
    ['a topology', { format: 1, topology: {} }, { problem: 'it is not a saved plan' }],
    ['another format', { ...plan, format: 1 }, { kind: 'format', format: '1', supported: 2 }],
    [
      'a printed plan',
      { ...plan, preconditions: undefined, checksum: undefined },
      { problem: expect.stringContaining('printed, not saved') },
    ],
    ['a plan whose changes are a string', { ...plan, changes: 'none' }, { problem: 'it is not a saved plan' }],
  ])('cannot be %s', (_what, value, problem) => {
    expect(problemOfKind(value)).toMatchObject(problem)
  })
})

describe('a saved plan whose deletes take an auto-delete exchange along', () => {
  const events = exchange('events')
  const short = exchange('short', { autoDelete: true })
  const before = topology({ exchanges: [events, short], queues: [queue('q')], bindings: [binding('short', 'q')] })
  const declared = {
    ...before,
    bindings: [binding('events', 'short', { destinationType: 'exchange' })],
    topicPermissions: [{ vhost: '/', user: 'svc', exchange: 'short', write: '.*', read: '' }],
  }
  const recorded = owned(record({ owned: ['exchange:%2F/short', 'binding:%2F/short/queue/q/'] }))
  const pruning = saved(before, declared, recorded, { prune: true })

  it('has nothing to do after it was applied, including the objects that needed the exchange', () => {
    const after = topology({ exchanges: [events], queues: before.queues })

    expect(pruning.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      'create topic-permission',
      'create binding',
      'delete binding',
    ])
    expect(compareWithSaved(pruning, after)).toEqual({
      stale: [],
      done: new Set(pruning.changes.map(({ address }) => address)),
    })
  })

  it('is stale if a program has declared the exchange differently in the meantime', () => {
    const otherwise = topology({ exchanges: [events, { ...short, autoDelete: false }], queues: before.queues })

    expect(compareWithSaved(pruning, otherwise).stale).toMatchObject([
      { address: 'exchange:%2F/short', found: 'changed' },
    ])
  })
})

describe('a fingerprint', () => {
  const of = (any: Topology, address: string) => fingerprintOf(new TopologyIndex(any).find(address))
  const hashed = (hash: string) =>
    topology({ users: [user('u', { credential: { kind: 'hash', hash: new Secret(hash), algorithm: 'sha' } })] })

  it('depends on the objects of the broker, and not on descriptions in the files', () => {
    const bare = of(topology({ queues: [queue('q')] }), 'queue:%2F/q')
    const declared = queue('q', { protect: true, origin: { file: 'f', line: 1, column: 1 }, renamedFrom: 'p' })

    expect(of(topology({ queues: [declared] }), 'queue:%2F/q')).toBe(bare)
    expect(of(topology({ queues: [queue('q', { arguments: { 'x-max-length': 1 } })] }), 'queue:%2F/q')).not.toBe(bare)
    expect(of(topology(), 'queue:%2F/q')).toBe('absent')
  })

  it('distinguishes password hashes without showing them', () => {
    const [one, other] = [of(hashed('kI3GCqW5'), 'user:u'), of(hashed('s4lted99'), 'user:u')]

    expect(one).not.toBe(other)
    expect(`${one}${other}`).toMatch(/^[0-9a-f]{64}$/)
  })

  it('expects an object of another project as declared, and ignores properties that the broker adds', () => {
    const other = { kind: 'vhost', object: vhost('shop', { claimed: true }) } as const
    const declared = new Map([['vhost:shop', { project: 'platform', subject: other }]])
    const wanted = topology({ vhosts: [vhost('shop')], queues: [queue('q', { vhost: 'shop' })] })
    const bound = bindToLive(
      planOf(topology({}), wanted, { declaredByRun: declared }),
      topology({}),
      undefined,
      declared,
    )
    const staleIn = (found: Topology) => compareWithSaved(bound, found).stale.map((each) => each.address)

    expect(bound.preconditions['vhost:shop']).toMatch(/^declared:name:[\da-f]{32}$/)
    expect(staleIn(topology({ vhosts: [vhost('shop', { description: '', tags: [] })] }))).toEqual([])
    expect(staleIn(topology({}))).toEqual(['vhost:shop'])
  })
})
