import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import type { Graph, GraphNode, QueueNode } from '../../../src/insight/graph/graph.ts'
import { layOutGraph } from '../../../src/render/svg/lay-out-graph.ts'
import { groupPictureSvg, pictureSvg } from '../../../src/render/svg/picture-svg.ts'

const VHOST = '/'

function queue(name: string, more: Partial<QueueNode> = {}): QueueNode {
  return {
    kind: 'queue',
    id: `queue:%2F/${name}`,
    vhost: VHOST,
    name,
    type: 'quorum',
    missing: false,
    settings: [],
    ...more,
  }
}

const EVENTS: GraphNode = {
  kind: 'exchange',
  id: 'exchange:%2F/events',
  vhost: VHOST,
  name: 'events',
  type: 'topic',
  missing: false,
}

function graphOf(...queues: readonly QueueNode[]): Graph {
  const edges = queues.map(({ id }, index) => ({
    kind: 'binding' as const,
    from: EVENTS.id,
    to: id,
    keys: [{ routingKey: `key.${index}`, arguments: {} }],
  }))
  return { groupedBy: 'vhost', groups: [{ vhost: VHOST, name: '', nodes: [EVENTS, ...queues], edges, links: [] }] }
}

describe('layOutGraph', () => {
  it('places no two nodes of a group on the same spot, all of them within the group', async () => {
    const picture = await layOutGraph(graphOf(...Array.from({ length: 12 }, (_, index) => queue(`q${index}`))))

    for (const { nodes, width, height } of picture.groups) {
      for (const [index, one] of nodes.entries()) {
        expect(one.x + one.width).toBeLessThanOrEqual(width)
        expect(one.y + one.height).toBeLessThanOrEqual(height)
        for (const other of nodes.slice(index + 1)) {
          const isApart =
            one.x + one.width <= other.x ||
            other.x + other.width <= one.x ||
            one.y + one.height <= other.y ||
            other.y + other.height <= one.y
          expect(isApart).toBe(true)
        }
      }
    }
  })

  it('makes boxes wide enough for their lines, and shortens names that are too long', async () => {
    const name = 'n'.repeat(255)

    const [, node] = (await layOutGraph(graphOf(queue(name)))).groups[0]?.nodes ?? []

    expect(node?.lines[0]?.text).toMatch(/^n+…n+$/)
    expect(node?.lines[0]?.whole).toBe(name)
    expect(node?.width).toBeGreaterThan(Math.max(...(node?.lines.map(({ width }) => width) ?? [])))
    expect(node?.width).toBeLessThan(400)
  })
})

describe('pictureSvg', () => {
  it('writes well-formed XML with every name as text, whatever characters it has', async () => {
    const name = '<b>"&\'\u0000\ud800]]>'
    const svg = pictureSvg(await layOutGraph(graphOf(queue(name, { id: `queue:%2F/${name}` }))))

    expect(XMLValidator.validate(svg)).toBe(true)
    expect(svg).not.toContain('<b>')
    expect(new XMLParser({ ignoreAttributes: false }).parse(svg).svg['@_role']).toBe('img')
  })

  it('names nodes, edges and groups for a page', async () => {
    const { groups } = await layOutGraph(graphOf(queue('billing')))
    const svg = groups.map((group) => groupPictureSvg(group)).join('')

    expect(svg).toContain('<g class="group" data-vhost="/" data-group=""')
    expect(svg).toContain('<g class="node queue" data-id="queue:%2F/billing" tabindex="0" role="button"')
    expect(svg).toContain('<g class="edge binding" data-from="exchange:%2F/events" data-to="queue:%2F/billing">')
    expect(svg).toContain('role="group"')
  })

  it('marks the changes of a plan with a sign and a class, and explains them', async () => {
    const change = { mark: 'delete' as const, differences: [], folded: [] }
    const graph: Graph = {
      ...graphOf(queue('old', { change })),
      plan: {
        project: 'shop',
        counts: { create: 0, update: 0, replace: 0, delete: 1 },
        notDrawn: [{ mark: 'delete', address: 'policy:%2F/limits' }],
      },
    }

    const svg = pictureSvg(await layOutGraph(graph))

    expect(svg).toContain('<title>Plan of shop: 1 deleted</title>')
    expect(svg).toMatch(
      /<g class="node queue mark-delete" data-id="queue:%2F\/old"[^]*?<g class="badge">[^]*?−<\/text>/,
    )
    expect(svg).toContain('− policy:%2F/limits is deleted')
    expect(svg).toMatch(/<g class="legend"[^]*mark-delete[^]*>− is deleted</)
  })

  it('explains the mark of a queue that only a created binding or retry changes', async () => {
    const change = { mark: 'update' as const, differences: [], folded: [] }
    const plan = { project: 'shop', counts: { create: 1, update: 0, replace: 0, delete: 0 }, notDrawn: [] }

    const svg = pictureSvg(await layOutGraph({ ...graphOf(queue('old', { change })), plan }))

    expect(svg).toMatch(/<g class="legend"[^]*mark-update[^]*>~ is changed</)
  })

  it('begins with an overview of many groups, in which groups with the same neighbors share a box', async () => {
    const tenants = Array.from({ length: 9 }, (_, index) => ({
      vhost: VHOST,
      name: `t${index}`,
      nodes: [queue(`t${index}.a`), queue(`t${index}.b`)],
      edges: ['a', 'b'].map((name) => ({
        kind: 'binding' as const,
        from: 'in:events',
        to: `queue:%2F/t${index}.${name}`,
        keys: [],
      })),
      links: [{ id: 'in:events', direction: 'in' as const, name: 'events', node: EVENTS.id, count: 1 }],
    }))
    const shared = { vhost: VHOST, name: '', nodes: [EVENTS], edges: [], links: [] }
    const groups = [...tenants, shared]

    const { overview } = await layOutGraph({ groupedBy: 'prefix', groups })

    expect(overview?.boxes.map(({ lines }) => lines.map(({ text }) => text))).toEqual([
      ['t0 … t8', '9 groups', '18 queues, 0 exchanges'],
      ['others', '0 queues, 1 exchange'],
    ])
    expect(overview?.arrows).toMatchObject([{ from: 1, to: 0, count: 18, label: { text: '18' } }])
    const few = await layOutGraph({ groupedBy: 'prefix', groups: groups.slice(4) })
    expect(few).not.toHaveProperty('overview')
    expect(pictureSvg(await layOutGraph({ groupedBy: 'prefix', groups }))).toContain('<g class="overview"')
  })

  it('gives a single owner no color', async () => {
    const one = pictureSvg(await layOutGraph(graphOf(queue('a', { owner: 'billing' }), queue('b'))))
    const two = pictureSvg(
      await layOutGraph(graphOf(queue('a', { owner: 'billing' }), queue('b', { owner: 'logistics' }))),
    )

    expect(one).not.toContain('class="node queue owner')
    expect(two).toContain('class="node queue owner1"')
  })
})
