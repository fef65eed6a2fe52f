import { describe, expect, it } from 'vitest'
import type { Graph, QueueNode } from '../../../src/insight/graph/graph.ts'
import { formatGraph } from '../../../src/render/formats/format-graph.ts'

const QUEUE: QueueNode = {
  kind: 'queue',
  id: 'queue:%2F/q',
  vhost: '/',
  name: 'q',
  type: 'quorum',
  missing: false,
  settings: [],
}

function graphOf(...nodes: readonly Partial<QueueNode>[]): Graph {
  const all = nodes.map((node, index) => ({ ...QUEUE, id: `queue:%2F/${index}`, ...node }))
  return { groupedBy: 'vhost', groups: [{ vhost: '/', name: '', nodes: all, edges: [], links: [] }] }
}

describe('formatGraph', () => {
  it('writes special characters of Mermaid by their numbers', () => {
    const text = formatGraph(graphOf({ name: 'a_b"]#<b>`*_x_;%%{}' }))

    expect(text).toContain('["#34;a_b#92;#34;#93;#35;#60;b#62;#96;#42;#95;x#95;#59;#37;#37;#123;#125;#34;<br/>quorum"]')
  })

  it('escapes quotes, backslashes and entities of DOT', () => {
    const text = formatGraph(graphOf({ name: 'a\\b&c"' }), { format: 'dot' })

    expect(text).toContain('[label="\\"a\\\\\\\\b&amp;c\\\\\\"\\"\\nquorum", shape=box]')
  })

  it('gives each of several owners a color and a legend, and a single owner none', () => {
    const two = formatGraph(graphOf({ owner: 'billing' }, { owner: 'logistics' }, {}))

    expect(two).toContain(':::owner0')
    expect(two).toContain('    owner1["logistics"]:::owner1\n')
    expect(two).toMatch(/classDef owner1 stroke:#[0-9a-f]{6}/)
    expect(formatGraph(graphOf({ owner: 'billing' }, {}))).not.toContain('owner')
    expect(formatGraph(graphOf({ owner: 'billing' }, {}), { format: 'dot' })).not.toContain('owner')
  })

  it('shows what is folded into a queue in two lines, and its figures', () => {
    const text = formatGraph(
      graphOf({
        failure: {
          delays: [5_000, 300_000],
          deadLetterQueue: 'q.dead',
          folded: { exchanges: ['q.failed'], queues: ['q.dead', 'q.retry.5m', 'q.retry.5s'] },
        },
        figures: { messages: 1_204, waiting: 2, dead: 1 },
      }),
    )

    expect(text).toContain(
      'q<br/>quorum<br/>fails → 5s → 5m #40;2 messages#41;<br/>dead → q.dead #40;1 message#41;<br/>1,204 messages, consumers unknown',
    )
  })

  it('marks the changes of a plan by sign, words, color and line, and lists what is not drawn', () => {
    const change = { differences: [], folded: [] }
    const graph = graphOf(
      { name: 'audit', change: { ...change, mark: 'create' } },
      {
        name: 'mail',
        change: {
          mark: 'replace',
          differences: [{ property: 'type', before: 'classic', after: 'quorum' }],
          folded: [{ mark: 'delete', name: 'mail.retry.5s' }],
        },
      },
      { name: 'old', change: { ...change, mark: 'delete' } },
      { name: 'moved', change: { ...change, mark: 'replace', keepsMessages: true } },
      { name: 'same', owner: 'billing' },
    )
    const [group] = graph.groups
    const keys = [
      { routingKey: 'a', arguments: {} },
      { routingKey: 'b', arguments: {}, mark: 'create' as const },
    ]
    const edge = { kind: 'binding', from: 'queue:%2F/0', to: 'queue:%2F/1', keys, mark: 'update' } as const
    const planned: Graph = {
      ...graph,
      groups: group ? [{ ...group, edges: [edge] }] : [],
      plan: {
        project: 'shop',
        counts: { create: 2, update: 0, replace: 1, delete: 1 },
        notDrawn: [{ mark: 'create', address: 'policy:%2F/limits' }],
      },
    }

    const mermaid = formatGraph(planned)
    const dot = formatGraph(planned, { format: 'dot' })

    expect(mermaid).toContain('n0["audit<br/>quorum<br/>#43; is created"]:::create')
    expect(mermaid).toContain(
      'n1["mail<br/>quorum<br/>#177; is deleted and recreated<br/>type: classic → quorum<br/>#8722; mail.retry.5s is deleted"]:::replace',
    )
    expect(mermaid).toContain('moved<br/>quorum<br/>#177; is recreated with its messages')
    expect(mermaid).toContain('n0 -->|"#43; b#59; kept: a"| n1')
    expect(mermaid).toContain('subgraph plan["Plan of shop: 2 created, 1 replaced, 1 deleted"]')
    expect(mermaid).toContain('Not drawn<br/>#43; policy:#37;2F/limits is created')
    expect(mermaid).toMatch(/classDef delete stroke:#[0-9a-f]{6},stroke-width:3px,stroke-dasharray/)
    expect(mermaid).not.toContain('owner')
    expect(dot).toMatch(
      /"0 queue:%2F\/2" \[label="old\\nquorum\\n− is deleted", shape=box, color="#[0-9a-f]{6}", penwidth=2, style=dashed\]/,
    )
    expect(dot).toContain('label="Plan of shop: 2 created, 1 replaced, 1 deleted"')
  })

  it('counts the keys of an edge that it does not list', () => {
    const graph = graphOf({}, {})
    const keys = ['a', 'b', 'c', 'd', 'e'].map((routingKey) => ({ routingKey, arguments: {} }))
    const [group] = graph.groups
    const edge = { kind: 'binding', from: 'queue:%2F/0', to: 'queue:%2F/1', keys } as const

    const text = formatGraph({ ...graph, groups: group ? [{ ...group, edges: [edge] }] : [] })

    expect(text).toContain('n0 -->|"a, b, c and 2 more"| n1')
  })
})
