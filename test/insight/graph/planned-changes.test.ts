import { describe, expect, it } from 'vitest'
import type { Graph, GraphNode } from '../../../src/insight/graph/graph.ts'
import { makeGraph } from '../../../src/insight/graph/make-graph.ts'
import { PlannedChanges, withPlannedObjects } from '../../../src/insight/graph/planned-changes.ts'
import { routedVhosts } from '../../../src/insight/routing/routed-vhost.ts'
import { addressOf } from '../../../src/model/address.ts'
import type { Topology } from '../../../src/model/topology.ts'
import type { Change } from '../../../src/plan/change.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const QUEUES = (type: 'classic' | 'quorum') => queue('mail', { type, ...(type === 'quorum' && { durable: true }) })

function drawn(desired: Partial<Topology>, changes: readonly Change[]): Graph {
  const routes = { publications: [], subscriptions: [] }
  const vhosts = routedVhosts(topology(desired), routes, { version: '4.3.6', usersKnown: true })
  const planned = new PlannedChanges({ project: 'shop', changes })
  return makeGraph(withPlannedObjects(vhosts, changes), { ownerById: new Map(), planned })
}

function nodeOf({ groups }: Graph, name: string): GraphNode | undefined {
  return groups.flatMap(({ nodes }) => nodes).find((node) => node.name === name)
}

const deletion = (one: ReturnType<typeof queue>): Change => ({
  kind: 'queue',
  address: addressOf('queue', one),
  action: 'delete',
  before: one,
})

describe('a graph with a plan', () => {
  it('marks what the plan creates, changes and replaces, and says which properties differ', () => {
    const live = { exchanges: [exchange('events')], queues: [QUEUES('classic')] }
    const desired = {
      exchanges: [exchange('events')],
      queues: [QUEUES('quorum'), queue('audit')],
      bindings: [binding('events', 'audit', { routingKey: '#' })],
    }

    const graph = drawn(desired, planOf(topology(live), topology(desired)).changes)

    expect(nodeOf(graph, 'events')?.change).toBeUndefined()
    expect(nodeOf(graph, 'audit')?.change).toMatchObject({ mark: 'create' })
    expect(nodeOf(graph, 'mail')?.change).toEqual({
      mark: 'replace',
      differences: [{ property: 'type', before: 'classic', after: 'quorum' }],
      folded: [],
    })
    expect(graph.groups[0]?.edges).toMatchObject([{ mark: 'create', keys: [{ routingKey: '#', mark: 'create' }] }])
    expect(graph.plan?.counts).toEqual({ create: 2, update: 0, replace: 1, delete: 0 })
  })

  it('says which queue is recreated with its messages', () => {
    const live = topology({ queues: [QUEUES('classic')] })
    const desired = { queues: [QUEUES('quorum')] }
    const { changes } = planOf(live, topology(desired))
    const migrated = changes.map((change) =>
      change.kind === 'queue' && change.action === 'replace' ? { ...change, how: 'migrate' as const } : change,
    )

    expect(nodeOf(drawn(desired, migrated), 'mail')?.change).toMatchObject({ mark: 'replace', keepsMessages: true })
    expect(nodeOf(drawn(desired, changes), 'mail')?.change).not.toHaveProperty('keepsMessages')
  })

  it('draws what the plan deletes, with its bindings', () => {
    const old = queue('old')
    const bound = binding('events', 'old', { routingKey: 'a' })
    const graph = drawn({ exchanges: [exchange('events')] }, [
      deletion(old),
      { kind: 'binding', address: addressOf('binding', bound), action: 'delete', before: bound },
    ])

    expect(nodeOf(graph, 'old')?.change).toMatchObject({ mark: 'delete' })
    expect(graph.groups[0]?.edges).toMatchObject([{ mark: 'delete', keys: [{ routingKey: 'a', mark: 'delete' }] }])
  })

  it('marks an arrow of several bindings as changed if the plan leaves some of them alone', () => {
    const [kept, added] = [
      binding('events', 'mail', { routingKey: 'a' }),
      binding('events', 'mail', { routingKey: 'b' }),
    ]
    const graph = drawn({ exchanges: [exchange('events')], queues: [queue('mail')], bindings: [kept, added] }, [
      { kind: 'binding', address: addressOf('binding', added), action: 'create', after: added },
    ])

    expect(graph.groups[0]?.edges).toMatchObject([
      { mark: 'update', keys: [{ routingKey: 'a' }, { routingKey: 'b', mark: 'create' }] },
    ])
    expect(graph.groups[0]?.edges[0]?.keys[0]).not.toHaveProperty('mark')
  })

  it('marks a queue as changed if only its folded dead-letter queue changes', () => {
    const dead = queue('q.dead')
    const graph = drawn(
      {
        exchanges: [exchange('q.failed')],
        queues: [
          queue('q', { arguments: { 'x-dead-letter-exchange': 'q.failed', 'x-dead-letter-routing-key': 'dead' } }),
          dead,
        ],
        bindings: [binding('q.failed', 'q.dead', { routingKey: 'dead' })],
      },
      [{ kind: 'queue', address: addressOf('queue', dead), action: 'create', after: dead }],
    )

    expect(nodeOf(graph, 'q')?.change).toEqual({
      mark: 'update',
      differences: [],
      folded: [{ mark: 'create', name: 'q.dead' }],
    })
  })

  it('names the changes of objects that no graph shows', () => {
    const limits = policy('limits')

    const graph = drawn({ queues: [queue('mail')] }, [
      { kind: 'policy', address: addressOf('policy', limits), action: 'create', after: limits },
    ])

    expect(graph.plan?.notDrawn).toEqual([{ mark: 'create', address: addressOf('policy', limits) }])
  })
})
