import { describe, expect, it } from 'vitest'
import { declaredByOthers, orderOfProjects } from '../../src/plan/declared-by-run.ts'
import { bindToLive } from '../../src/plan/saved/saved-plan.ts'
import { requiredRights } from '../../src/plan/guards/required-rights.ts'
import type { Topology } from '../../src/model/topology.ts'
import { binding, exchange, queue, topology, vhost } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

const project = (name: string, objects: Partial<Topology>) => ({ project: name, topology: topology(objects) })
const events = exchange('events', { type: 'topic' })
const billing = project('billing', { exchanges: [events] })
const shipping = topology({
  exchanges: [exchange('events', { external: true })],
  queues: [queue('parcels')],
  bindings: [binding('events', 'parcels', { routingKey: 'order.#' })],
})
const all = [billing, { project: 'shipping', topology: shipping }]
const declaredByRun = declaredByOthers('shipping', all)

describe('an object that another project of the run declares', () => {
  it('counts as present for an external object, and the plan says which project declares it', () => {
    const plan = planOf(topology(), shipping, { declaredByRun })

    expect(plan).toMatchObject({
      blocks: [],
      changes: [{ address: 'queue:%2F/parcels' }, { address: 'binding:%2F/events/queue/parcels/order.%23' }],
      notes: [{ note: 'expected', project: 'billing', addresses: ['exchange:%2F/events'] }],
    })
  })

  it('is not expected once it exists, which changes the digest', () => {
    const before = planOf(topology(), shipping, { declaredByRun })
    const after = planOf(topology({ exchanges: [events] }), shipping, { declaredByRun })

    expect(after.notes).toEqual([])
    expect(after.digest).not.toBe(before.digest)
  })

  it('does not replace an object that the other project itself declares as external', () => {
    const others = declaredByOthers('shipping', [
      project('billing', { exchanges: [exchange('events', { external: true })] }),
    ])

    expect(planOf(topology(), shipping, { declaredByRun: others }).blocks).toEqual([
      { reason: 'external-missing', address: 'exchange:%2F/events' },
    ])
  })

  it('may be a virtual host that only another project manages', () => {
    const managing = project('billing', { vhosts: [vhost('/', { claimed: true })] })
    const others = declaredByOthers('shipping', [managing])
    const plan = planOf(topology({ vhosts: [] }), topology({ queues: [queue('q')] }), { declaredByRun: others })

    expect(plan.changes.map(({ address }) => address)).toEqual(['queue:%2F/q'])
    expect(requiredRights(plan.changes, topology({ vhosts: [] }), '4.0.0', others)).toEqual([])
  })

  it('decides which rights a binding needs, as a live exchange would', () => {
    const { changes } = planOf(topology(), shipping, { declaredByRun })

    expect(requiredRights(changes, topology(), '4.0.0', declaredByRun)).toEqual(
      requiredRights(changes, topology({ exchanges: [events] }), '4.0.0'),
    )
  })

  it('is expected by a saved plan with the declared properties', () => {
    const plan = planOf(topology(), shipping, { declaredByRun })
    const expected = bindToLive(plan, topology(), undefined, declaredByRun).preconditions

    const others = Object.entries(bindToLive(plan, topology({ exchanges: [events] })).preconditions)
    expect(Object.keys(expected).toSorted()).toEqual(others.map(([at]) => at).toSorted())
    expect(expected['queue:%2F/parcels']).toBe('absent')
    expect(expected['exchange:%2F/events']).toMatch(/^declared:[A-Za-z,]+:[\da-f]{32}$/)
  })
})

describe('the order of the projects of an environment', () => {
  it('puts a project after those whose objects it refers to', () => {
    expect(orderOfProjects([{ project: 'shipping', topology: shipping }, billing])).toEqual([['billing'], ['shipping']])
  })

  it('keeps the order of projects that do not refer to each other', () => {
    expect(orderOfProjects([project('b', {}), project('a', {})])).toEqual([['b'], ['a']])
  })

  it('puts a project after one whose exchange takes its dead letters', () => {
    const dead = project('dead', { exchanges: [exchange('dlx')] })
    const work = project('work', { queues: [queue('q', { arguments: { 'x-dead-letter-exchange': 'dlx' } })] })

    expect(orderOfProjects([work, dead])).toEqual([['dead'], ['work']])
  })

  it('groups the projects of a cycle', () => {
    const one = project('one', { exchanges: [exchange('a'), exchange('b', { external: true })] })
    const two = project('two', { exchanges: [exchange('b'), exchange('a', { external: true })] })
    const last = project('last', { exchanges: [exchange('a', { external: true })] })

    expect(orderOfProjects([last, one, two])).toEqual([['one', 'two'], ['last']])
  })
})
