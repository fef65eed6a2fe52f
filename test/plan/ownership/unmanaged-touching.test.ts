import { describe, expect, it } from 'vitest'
import type { Topology } from '../../../src/model/topology.ts'
import type { Note } from '../../../src/plan/note.ts'
import type { PlannedTopology } from '../../../src/plan/planned-topology.ts'
import { unreadThatTouch } from '../../../src/plan/ownership/unmanaged-touching.ts'
import { noteText } from '../../../src/render/text/notes-text.ts'
import { binding, exchange, policy, queue, topology, user } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const EMAILS = 'queue:%2F/emails'
const events = exchange('events', { type: 'topic' })
const emails = queue('emails', { arguments: { 'x-max-length': 5 } })
const declaredBinding = binding('events', 'emails', { routingKey: 'email.*' })
const foreignBinding = binding('events', 'emails', { routingKey: '#' })
const FOREIGN = 'binding:%2F/events/queue/emails/%23'
const declared = topology({ exchanges: [events], queues: [emails], bindings: [declaredBinding] })

const touching = (live: Partial<Topology>, around: Partial<PlannedTopology> = owned(), desired = declared): Note[] =>
  planOf(topology({ ...declared, ...live }), desired, around).notes.filter(({ note }) => note.startsWith('unmanaged-'))

const bindings = [declaredBinding, foreignBinding]

describe('a plan', () => {
  it('reports a binding into a declared queue that no project owns', () => {
    const notes = touching({ bindings })

    expect(notes).toEqual([{ note: 'unmanaged-bindings', bindings: [FOREIGN], owners: 'none', addresses: [EMAILS] }])
    expect(notes.map(noteText)).toEqual([`${EMAILS} also gets messages by 1 binding that no project owns: ${FOREIGN}`])
  })

  it('reports nothing where all bindings into a queue are declared', () => {
    expect(touching({})).toEqual([])
  })

  it('leaves out bindings that this project or another one owns', () => {
    expect(touching({ bindings }, owned(record({ project: 'billing', owned: [FOREIGN] })))).toEqual([])
    expect(touching({ bindings }, owned(record({ project: 'shop', owned: [FOREIGN] })))).toEqual([])
  })

  it('leaves out bindings that another project of the run declares', () => {
    const declaredByRun = new Map([
      [FOREIGN, { project: 'billing', subject: { kind: 'binding' as const, object: foreignBinding } }],
    ])

    expect(touching({ bindings }, { ...owned(), declaredByRun })).toEqual([])
  })

  it('says that an owner is unknown where the login may not read the records', () => {
    const notes = touching({ bindings }, { ownership: 'unknown' })

    expect(notes).toMatchObject([{ note: 'unmanaged-bindings', owners: 'unknown' }])
    expect(notes.map(noteText).join()).toContain('whether another project owns it is unknown')
  })

  it('leaves out bindings into queues that another project manages', () => {
    const external = topology({ queues: [queue('emails', { external: true })] })

    expect(touching({ bindings }, owned(), external)).toEqual([])
  })

  it('reports a binding into a queue that the project owns and no longer declares', () => {
    const around = owned(record({ project: 'shop', owned: [EMAILS] }))

    expect(touching({ bindings: [foreignBinding] }, around, topology())).toMatchObject([
      { note: 'unmanaged-bindings', addresses: [EMAILS] },
    ])
  })

  it('reports a policy without an owner that matches a queue and that no other note names', () => {
    const same = policy('same', { pattern: '^emails$', definition: { 'max-length': 5 } })
    const adds = policy('adds', { pattern: '^emails$', definition: { expires: 5 }, priority: -1 })

    expect(touching({ policies: [same, adds] })).toEqual([
      { note: 'unmanaged-policy', policy: 'policy:%2F/same', owners: 'none', addresses: [EMAILS] },
    ])
  })

  it('leaves out a policy that matches no queue of the project, or that another project owns', () => {
    const other = policy('other', { pattern: '^orders$', definition: { 'max-length': 5 } })
    const same = policy('same', { pattern: '^emails$', definition: { 'max-length': 5 } })
    const around = owned(record({ project: 'billing', owned: ['policy:%2F/same'] }))

    expect(touching({ policies: [other, same] }, around)).toEqual([])
  })

  it('reports administrators that no project owns, except its own login, in a plan with users', () => {
    const users = ['warren', 'guest', 'ann'].map((name) => user(name, { tags: ['administrator'] }))
    const around = owned(record({ project: 'billing', owned: ['user:ann'] }))
    const desired = topology({ ...declared, users: [user('worker')] })

    expect(touching({ users: [...users, user('worker')] }, around, desired)).toEqual([
      { note: 'unmanaged-administrators', owners: 'none', addresses: ['user:guest'] },
    ])
    expect(touching({ users }, around)).toEqual([])
  })

  it('reports nothing for a destroy, which already names foreign bindings at risk', () => {
    const live = topology({ ...declared, bindings })
    const { notes } = planOf(live, declared, owned(record({ project: 'shop', owned: [EMAILS] })), { destroy: true })

    expect(notes.filter(({ note }) => note.startsWith('unmanaged-'))).toEqual([])
  })
})

describe('unreadThatTouch', () => {
  it('lists only kinds that could affect declared objects', () => {
    const unread = ['users', 'parameters', 'policies'] as const

    expect(unreadThatTouch(declared, unread)).toEqual(['policies'])
    expect(unreadThatTouch(topology({ users: [user('worker')] }), unread)).toEqual(['users'])
  })
})
