import { describe, expect, it } from 'vitest'
import type { Graph, GraphEdge, GraphNode } from '../../../../src/insight/graph/graph.ts'
import { layOutGraph } from '../../../../src/render/svg/lay-out-graph.ts'
import type { PictureEdge, PictureGroup, PictureNode } from '../../../../src/render/svg/picture.ts'

const VHOST = 'shop'
const EVENTS: GraphNode = {
  kind: 'exchange',
  id: 'exchange:shop/events',
  vhost: VHOST,
  name: 'events',
  type: 'topic',
  missing: false,
}

function queue(at: number): GraphNode {
  const name = `orders-of-country-${at}`
  return { kind: 'queue', id: `queue:shop/${name}`, vhost: VHOST, name, type: 'quorum', missing: false, settings: [] }
}

function edge(from: string, to: string, key: string): GraphEdge {
  return { kind: 'binding', from, to, keys: [{ routingKey: key, arguments: {} }] }
}

async function layOut(nodes: readonly GraphNode[], edges: readonly GraphEdge[], links = 0): Promise<PictureGroup> {
  const stubs = Array.from({ length: links }, (_, at) => ({
    id: `out:group:team-${at}`,
    direction: 'out' as const,
    name: `team-${at}`,
    count: 2,
  }))
  const groups = [{ vhost: VHOST, name: '', nodes, edges, links: stubs }]
  const {
    groups: [group],
  } = await layOutGraph({ groupedBy: 'vhost', groups } satisfies Graph)
  if (group === undefined) throw new Error('the picture has no group')
  return group
}

const queues = (count: number) => Array.from({ length: count }, (_, at) => queue(at))
const bound = (all: readonly GraphNode[]) => all.map(({ id }, at) => edge(EVENTS.id, id, `order.created.${at}`))

type Place = readonly number[]

/** The straight pieces of a line. */
function pieces({ path }: PictureEdge): (readonly [from: Place, to: Place])[] {
  let at: Place = []
  return (path.match(/[MLC][^MLC]*/g) ?? []).flatMap((command) => {
    const points = command
      .slice(1)
      .split(' ')
      .map((point) => point.split(',').map(Number))
    const straight = command.startsWith('L') ? points.map((to, index) => [points[index - 1] ?? at, to] as const) : []
    at = points.at(-1) ?? []
    return straight
  })
}

/** Whether a piece of a line runs through the inside of a node. */
function crosses([[x1 = 0, y1 = 0], [x2 = 0, y2 = 0]]: readonly [Place, Place], node: PictureNode): boolean {
  return (
    Math.max(x1, x2) > node.x + 1 &&
    Math.min(x1, x2) < node.x + node.width - 1 &&
    Math.max(y1, y2) > node.y + 1 &&
    Math.min(y1, y2) < node.y + node.height - 1
  )
}

function overlaps(one: PictureNode, other: PictureNode): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}

describe('many leaves of one node', () => {
  it.each([13, 30, 90, 400])(
    'are arranged in about the shape of a screen: %i queues of one exchange',
    async (count) => {
      const all = queues(count)

      const { width, height, nodes } = await layOut([EVENTS, ...all], bound(all))

      expect(width / height).toBeGreaterThan(1)
      expect(width / height).toBeLessThan(3)
      expect(nodes).toHaveLength(count + 1)
      for (const [at, node] of nodes.entries()) {
        expect([node.x >= 0, node.y >= 0, node.x + node.width <= width, node.y + node.height <= height]).not.toContain(
          false,
        )
        expect(nodes.slice(at + 1).filter((other) => overlaps(node, other))).toEqual([])
      }
    },
  )

  it('are arranged by columns, in the order of their names', async () => {
    const all = queues(40)

    const { nodes } = await layOut([EVENTS, ...all], bound(all))

    const places = nodes.slice(1).map(({ x, y }) => [x, y] as const)
    expect(places.toSorted(([x1, y1], [x2, y2]) => x1 - x2 || y1 - y2)).toEqual(places)
    expect(new Set(places.map(([x]) => x)).size).toBeGreaterThan(1)
  })

  it('have lines that end at them with their keys and cross none of the others', async () => {
    const all = queues(40)
    const { nodes, edges } = await layOut([EVENTS, ...all], bound(all))

    expect(edges).toHaveLength(40)
    for (const each of edges) {
      const target = nodes.find(({ id }) => id === each.to)
      expect(each.arrowhead[1]).toEqual({ x: target?.x, y: (target?.y ?? 0) + (target?.height ?? 0) / 2 })
      expect(each.label?.text).toMatch(/^order\.created\./)
      const { x = 0, width = 0 } = each.label ?? {}
      expect(x + width / 2).toBeLessThan(target?.x ?? 0)
      expect(nodes.filter((node) => pieces(each).some((piece) => crosses(piece, node)))).toEqual([])
    }
  })

  it('may also be publications, whose lines meet at the exchange', async () => {
    const publications = Array.from({ length: 30 }, (_, at): GraphNode => ({
      kind: 'publication',
      id: `p${at}`,
      vhost: VHOST,
      name: `p${at}`,
      users: [],
    }))
    const published = publications.map(({ id }) => ({
      ...edge(id, EVENTS.id, 'order.created'),
      kind: 'publish' as const,
    }))

    const { width, height, nodes, edges } = await layOut([...publications, EVENTS], published)

    expect(width / height).toBeGreaterThan(1)
    expect(new Set(edges.map(({ arrowhead }) => JSON.stringify(arrowhead))).size).toBe(1)
    for (const each of edges) {
      expect(nodes.filter((node) => pieces(each).some((piece) => crosses(piece, node)))).toEqual([])
    }
  })

  it('keep the subscriptions that consume them next to them', async () => {
    const all = queues(60)
    const subscriptions = all.map(({ name }): GraphNode => ({
      kind: 'subscription',
      id: `s-${name}`,
      vhost: VHOST,
      name,
      users: [],
    }))
    const consumed = all.map(({ id, name }) => ({ ...edge(id, `s-${name}`, ''), kind: 'consume' as const, keys: [] }))

    const { width, height, nodes, edges } = await layOut(
      [EVENTS, ...all, ...subscriptions],
      [...bound(all), ...consumed],
    )

    expect(width / height).toBeGreaterThan(1)
    expect(width / height).toBeLessThan(3)
    expect(nodes).toHaveLength(121)
    expect(edges).toHaveLength(120)
    expect(nodes.flatMap((node, at) => nodes.slice(at + 1).filter((other) => overlaps(node, other)))).toEqual([])
    for (const each of edges) {
      expect(nodes.filter((node) => pieces(each).some((piece) => crosses(piece, node)))).toEqual([])
    }
  })

  it('may be links to other groups, or nodes without arrows', async () => {
    const linked = Array.from({ length: 100 }, (_, at) => edge(EVENTS.id, `out:group:team-${at}`, '#'))

    const links = await layOut([EVENTS], linked, 100)
    const unbound = await layOut(queues(60), [])

    expect(links.width / links.height).toBeGreaterThan(1)
    expect(unbound.width / unbound.height).toBeGreaterThan(1)
    expect(unbound.width / unbound.height).toBeLessThan(3)
  })

  it('stay in one column if there are only twelve', async () => {
    const all = queues(12)

    const { nodes } = await layOut([EVENTS, ...all], bound(all))

    const middles = nodes.slice(1).map(({ x, width }) => x + width / 2)
    expect(Math.max(...middles) - Math.min(...middles)).toBeLessThan(2)
  })
})
