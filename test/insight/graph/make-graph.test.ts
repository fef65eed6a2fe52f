import { describe, expect, it } from 'vitest'
import { type GraphInput, makeGraph } from '../../../src/insight/graph/make-graph.ts'
import type { Graph, GraphNode } from '../../../src/insight/graph/graph.ts'
import { routedVhosts } from '../../../src/insight/routing/routed-vhost.ts'
import type { Routes } from '../../../src/model/routes.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, permission, policy, queue, topology, vhost } from '../../builders/objects.ts'
import { publication, subscription } from '../../builders/routes.ts'

function graphOf(objects: Partial<Topology>, routes: Partial<Routes> = {}, input: Partial<GraphInput> = {}): Graph {
  const all = { publications: [], subscriptions: [], ...routes }
  const vhosts = routedVhosts(topology(objects), all, { version: '4.3.6', usersKnown: true })
  return makeGraph(vhosts, { ownerById: new Map(), ...input })
}

/** A queue with a ladder of one delay and a dead-letter queue, as warren declares them. */
const LADDER: Partial<Topology> = {
  exchanges: [exchange('q.failed')],
  queues: [
    queue('q', { arguments: { 'x-dead-letter-exchange': 'q.failed', 'x-dead-letter-routing-key': 'dead' } }),
    queue('q.retry.5s', {
      arguments: {
        'x-message-ttl': 5_000,
        'x-dead-letter-exchange': 'q.failed',
        'x-dead-letter-routing-key': 'back',
      },
    }),
    queue('q.dead'),
  ],
  bindings: [
    binding('q.failed', 'q', { routingKey: 'back' }),
    binding('q.failed', 'q.retry.5s', { routingKey: '5s' }),
    binding('q.failed', 'q.dead', { routingKey: 'dead' }),
  ],
}

/** The ids of all nodes, by group. */
function idsOf({ groups }: Graph): Record<string, string[]> {
  return Object.fromEntries(groups.map(({ name, nodes }) => [name, nodes.map(({ id }) => id)]))
}

function nodeOf({ groups }: Graph, name: string): GraphNode | undefined {
  return groups.flatMap(({ nodes }) => nodes).find((node) => node.name === name)
}

describe('makeGraph', () => {
  it('folds the retry ladder and the dead-letter queue of a queue into the queue', () => {
    const graph = graphOf(LADDER)

    expect(idsOf(graph)).toEqual({ '': ['queue:%2F/q'] })
    expect(graph.groups[0]?.edges).toEqual([])
    expect(nodeOf(graph, 'q')).toMatchObject({
      failure: {
        delays: [5_000],
        deadLetterQueue: 'q.dead',
        folded: { exchanges: ['q.failed'], queues: ['q.dead', 'q.retry.5s'] },
      },
    })
  })

  it.each<[what: string, more: Partial<Topology>, routes: Partial<Routes>, id: string]>([
    [
      'another binding leads to',
      { exchanges: [exchange('e')], bindings: [binding('e', 'q.dead')] },
      {},
      'queue:%2F/q.dead',
    ],
    ['a program consumes', {}, { subscriptions: [subscription('q.dead')] }, 'queue:%2F/q.dead'],
    [
      'a program publishes to',
      {},
      { publications: [publication('p', { exchange: 'q.failed' })] },
      'exchange:%2F/q.failed',
    ],
  ])('draws a part of a failure path that %s', (_what, more, routes, id) => {
    const graph = graphOf(
      {
        ...LADDER,
        exchanges: [...(LADDER.exchanges ?? []), ...(more.exchanges ?? [])],
        bindings: [...(LADDER.bindings ?? []), ...(more.bindings ?? [])],
      },
      routes,
    )

    expect(Object.values(idsOf(graph)).flat()).toContain(id)
  })

  it('adds the messages of folded queues to the figures of their queue', () => {
    const figures = new Map([
      ['queue:%2F/q', { messages: 7, consumers: 2 }],
      ['queue:%2F/q.retry.5s', { messages: 3, consumers: 0 }],
      ['queue:%2F/q.dead', { messages: 1, consumers: 0 }],
    ])

    expect(nodeOf(graphOf(LADDER, {}, { figures }), 'q')).toMatchObject({
      figures: { messages: 7, consumers: 2, waiting: 3, dead: 1 },
    })
    expect(nodeOf(graphOf(LADDER), 'q')).not.toHaveProperty('figures')
  })

  it('draws one edge for all bindings between the same ends, with their keys', () => {
    const graph = graphOf({
      exchanges: [exchange('e', { type: 'topic' })],
      queues: [queue('q')],
      bindings: [binding('e', 'q', { routingKey: 'a' }), binding('e', 'q', { routingKey: 'b' })],
    })

    expect(graph.groups[0]?.edges).toEqual([
      {
        kind: 'binding',
        from: 'exchange:%2F/e',
        to: 'queue:%2F/q',
        keys: [
          { routingKey: 'a', arguments: {} },
          { routingKey: 'b', arguments: {} },
        ],
      },
    ])
  })

  it('draws dead letters and alternate exchanges of policies, and says what does not exist', () => {
    const graph = graphOf({
      exchanges: [exchange('e', { arguments: { 'alternate-exchange': 'gone' } }), exchange('dlx')],
      queues: [queue('q')],
      policies: [policy('dlx', { applyTo: 'queues', definition: { 'dead-letter-exchange': 'dlx' } })],
    })

    expect(graph.groups[0]?.edges).toEqual([
      { kind: 'alternate', from: 'exchange:%2F/e', to: 'exchange:%2F/gone', keys: [] },
      { kind: 'dead-letter', from: 'queue:%2F/q', to: 'exchange:%2F/dlx', keys: [] },
    ])
    expect(nodeOf(graph, 'gone')).toMatchObject({ kind: 'exchange', missing: true })
    expect(nodeOf(graph, 'dlx')).toMatchObject({ missing: false })
  })

  it('leads a publication through the default exchange to its queue, and names the users of routes', () => {
    const graph = graphOf(
      {
        queues: [queue('q')],
        permissions: [permission('writer', { write: '.*' }), permission('reader', { read: '^q$' })],
      },
      {
        publications: [publication('p', { routingKey: 'q' })],
        subscriptions: [subscription('q', { name: 's' })],
      },
    )

    expect(nodeOf(graph, 'p')).toMatchObject({ kind: 'publication', users: ['writer'] })
    expect(nodeOf(graph, 's')).toMatchObject({ kind: 'subscription', users: ['reader'] })
    expect(graph.groups[0]?.edges.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['publish', 'publication:%2F/p', 'queue:%2F/q'],
      ['consume', 'queue:%2F/q', 'subscription:%2F/s'],
    ])
  })

  it('counts the partitions of a super stream in its exchange', () => {
    const partition = (name: string) => queue(name, { type: 'stream', role: { kind: 'partition', of: 's' } })
    const graph = graphOf({
      exchanges: [exchange('s')],
      queues: [partition('s-0'), partition('s-1')],
      bindings: [binding('s', 's-0', { routingKey: '0' }), binding('s', 's-1', { routingKey: '1' })],
    })

    expect(idsOf(graph)).toEqual({ '': ['exchange:%2F/s'] })
    expect(nodeOf(graph, 's')).toMatchObject({ partitions: 2 })
  })
})

/** Two groups of three queues, all bound to one exchange and each with a route. */
const TWO_GROUPS: Partial<Topology> = {
  exchanges: [exchange('events', { type: 'topic' }), exchange('b.own')],
  queues: ['a.1', 'a.2', 'a.3', 'b.1', 'b.2', 'b.3'].map((name) => queue(name)),
  bindings: [
    ...['a.1', 'a.2', 'b.1'].map((name) => binding('events', name, { routingKey: name })),
    binding('b.own', 'b.2', { routingKey: 'x' }),
    binding('b.own', 'a.3', { routingKey: 'y' }),
  ],
}

describe('the groups of makeGraph', () => {
  it('have links to other groups in place of edges', () => {
    const graph = graphOf(TWO_GROUPS, {}, { groupBy: 'prefix' })

    expect(idsOf(graph)).toEqual({
      a: ['queue:%2F/a.1', 'queue:%2F/a.2', 'queue:%2F/a.3'],
      b: ['exchange:%2F/b.own', 'queue:%2F/b.1', 'queue:%2F/b.2', 'queue:%2F/b.3'],
      '': ['exchange:%2F/events'],
    })
    const [a, b, rest] = graph.groups
    expect(a?.links).toEqual([
      { id: 'in:exchange:%2F/b.own', direction: 'in', name: 'b.own', node: 'exchange:%2F/b.own', count: 1 },
      { id: 'in:exchange:%2F/events', direction: 'in', name: 'events', node: 'exchange:%2F/events', count: 1 },
    ])
    expect(b?.links).toMatchObject([
      { direction: 'in', name: 'events' },
      { direction: 'out', name: 'a', count: 1 },
    ])
    expect(rest?.links).toEqual([
      { id: 'out:group:a', direction: 'out', name: 'a', count: 2 },
      { id: 'out:group:b', direction: 'out', name: 'b', count: 1 },
    ])
    for (const { nodes, links, edges } of graph.groups) {
      const ids = new Set([...nodes, ...links].map(({ id }) => id))
      expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
    }
  })

  it('are virtual hosts while each is small, and prefixes once one has more than 40 nodes', () => {
    const many = Array.from({ length: 41 }, (_, index) => queue(`a.${index}`))

    expect(graphOf({ queues: many.slice(0, 40) }).groupedBy).toBe('vhost')
    expect(graphOf({ queues: many }).groupedBy).toBe('prefix')
  })

  it('are owners if this grouping is chosen', () => {
    const ownerById = new Map([
      ['queue:%2F/q', 'billing'],
      ['exchange:%2F/e', 'platform'],
    ])

    const objects = { exchanges: [exchange('e')], queues: [queue('q'), queue('r')], bindings: [binding('e', 'q')] }
    expect(idsOf(graphOf(objects, {}, { groupBy: 'owner', ownerById }))).toEqual({
      billing: ['queue:%2F/q'],
      platform: ['exchange:%2F/e'],
      '': ['queue:%2F/r'],
    })
  })
})

describe('the filters of makeGraph', () => {
  it('keep the routes of an object with the prefix, and replace neighbors by links', () => {
    const graph = graphOf(
      TWO_GROUPS,
      {
        publications: [publication('p', { exchange: 'events', routingKey: 'a.1' })],
        subscriptions: [subscription('b.1')],
      },
      { filter: { prefixes: ['b.'] } },
    )

    expect(idsOf(graph)).toEqual({
      '': ['exchange:%2F/b.own', 'queue:%2F/b.1', 'queue:%2F/b.2', 'queue:%2F/b.3', 'subscription:%2F/b.1'],
    })
    expect(graph.groups[0]?.links.map(({ name }) => name)).toEqual(['events', 'a.3'])
  })

  it('keep the nodes of an owner', () => {
    const ownerById = new Map([['queue:%2F/a.1', 'billing']])
    const graph = graphOf(TWO_GROUPS, {}, { ownerById, filter: { owners: ['billing'] } })

    expect(idsOf(graph)).toEqual({ '': ['queue:%2F/a.1'] })
  })

  it('leave out other kinds without links, and other virtual hosts', () => {
    const vhosts = [vhost('/'), vhost('v')]
    const both = {
      vhosts,
      queues: [queue('q'), queue('r', { vhost: 'v' })],
      exchanges: [exchange('e')],
      bindings: [binding('e', 'q')],
    }
    const graph = graphOf(both, {}, { filter: { kinds: ['queue'], vhosts: ['/'] } })

    expect(idsOf(graph)).toEqual({ '': ['queue:%2F/q'] })
    expect(graph.groups[0]).toMatchObject({ vhost: '/', edges: [], links: [] })
  })
})
