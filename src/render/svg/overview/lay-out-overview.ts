import { countOf } from '../../../diagnostics/text/count-of.ts'
import { withCommas } from '../../../diagnostics/text/with-commas.ts'
import type { Graph, GraphGroup } from '../../../insight/graph/graph.ts'
import { groupByKey } from '../../../model/values/group-by-key.ts'
import { groupTitle } from '../../graph/node-words.ts'
import type { GroupContext } from '../lay-out-group.ts'
import { fitted, FONT, sizeOf } from '../node-box.ts'
import { labelRoom, Panel } from '../panel.ts'
import type { OverviewArrow, OverviewBox, PictureOverview } from '../picture.ts'

/** With more groups, an overview of them comes first. */
const MOST_WITHOUT_OVERVIEW = 6

/** The maximum number of groups with the same neighbors that get separate boxes. */
const MOST_ALIKE = 8

/** The groups as boxes, with the number of arrows between them; undefined where there are few groups. */
export function overviewOf(graph: Graph, layOut: GroupContext['layOut']): PictureOverview | undefined {
  if (graph.groups.length <= MOST_WITHOUT_OVERVIEW) return undefined
  const arrows = arrowsBetween(graph.groups)
  const alike = groupsAlike(graph, arrows)
  const boxOf = new Map(alike.flatMap((groups, box) => groups.map((group) => [group, box] as const)))
  const boxes = alike.map((groups) => boxWithoutPlace(groups, graph))
  const merged = [...groupByKey(arrows, ({ from, to }) => `${boxOf.get(from)} ${boxOf.get(to)}`).values()].map(
    (own) => {
      const count = own.reduce((sum, arrow) => sum + arrow.count, 0)
      const label = fitted(withCommas(count), FONT.fact, 100)
      return { from: boxOf.get(own[0].from) ?? 0, to: boxOf.get(own[0].to) ?? 0, count, label }
    },
  )
  const layout = layOut(
    boxes,
    merged.map(({ from, to, label }) => ({ from, to, label: labelRoom(label) })),
  )
  const title = fitted('Groups, and how many arrows lead from one to another', FONT.title, 400)
  const panel = new Panel(layout, title)
  return {
    ...panel.box,
    title,
    boxes: boxes.map((box, index): OverviewBox => ({ ...box, ...panel.corner(index, box) })),
    arrows: merged.map(({ from, to, count, label }, index): OverviewArrow => ({
      from,
      to,
      count,
      ...panel.edge(index, {}, label),
    })),
  }
}

interface Arrow {
  /** Indexes of groups. */
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Each edge between groups is in both of them: the second group has a stub in place of its first end. */
function arrowsBetween(groups: readonly GraphGroup[]): readonly Arrow[] {
  const groupOf = new Map(groups.flatMap(({ nodes }, group) => nodes.map(({ id }) => [id, group] as const)))
  const single = groups.flatMap(({ edges, links }, to) => {
    const nodes = new Map(links.map(({ id, node }) => [id, node]))
    return edges.flatMap((edge) => {
      const from = groupOf.get(nodes.get(edge.from) ?? '')
      return from === undefined || from === to ? [] : [{ from, to }]
    })
  })
  return [...groupByKey(single, ({ from, to }) => `${from} ${to}`).values()].map((own) => ({
    ...own[0],
    count: own.length,
  }))
}

/** The groups that share a box: many with the same neighbors, such as one for each tenant, or with none. */
function groupsAlike({ groups }: Graph, arrows: readonly Arrow[]): readonly (readonly number[])[] {
  const [outgoing, incoming] = [groupByKey(arrows, ({ from }) => from), groupByKey(arrows, ({ to }) => to)]
  const alike = groupByKey(groups.keys(), (group) =>
    JSON.stringify([
      groups[group]?.vhost,
      (outgoing.get(group) ?? []).map(({ to }) => to).toSorted((one, other) => one - other),
      (incoming.get(group) ?? []).map(({ from }) => from).toSorted((one, other) => one - other),
    ]),
  )
  return [...alike.values()].flatMap((own): (readonly number[])[] =>
    own.length > MOST_ALIKE ? [own] : own.map((group) => [group]),
  )
}

function boxWithoutPlace(groups: readonly number[], graph: Graph): Omit<OverviewBox, 'x' | 'y'> {
  const own = groups.flatMap((group) => graph.groups[group] ?? [])
  const titles = own.map((group) => groupTitle(group, graph))
  const nodes = own.flatMap((group) => group.nodes)
  const count = (kind: string) => nodes.filter((node) => node.kind === kind).length
  const name = titles.length === 1 ? (titles[0] ?? '') : `${titles[0]} … ${titles.at(-1)}`
  const lines = [
    fitted(name, FONT.name, 280),
    ...(titles.length === 1 ? [] : [fitted(countOf(titles.length, 'group'), FONT.fact, 280)]),
    fitted(`${countOf(count('queue'), 'queue')}, ${countOf(count('exchange'), 'exchange')}`, FONT.fact, 280),
  ]
  return { lines, groups, ...sizeOf(lines, 14) }
}
