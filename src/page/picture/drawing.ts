import { countOf } from '../../diagnostics/text/count-of.ts'
import type { MessageTrace } from '../../insight/trace/trace.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import type { PageModel } from '../page-model.ts'
import { routeOf } from './route-of-trace.ts'

/** The drawn nodes and edges, which can be selected, left out and highlighted. */
export class Drawing {
  readonly #model: PageModel
  readonly #nodes = new Map<string, SVGGElement>()
  readonly #sections: readonly HTMLElement[]
  readonly #stubs: readonly Stub[]
  readonly #edges: readonly Edge[]

  constructor(root: ParentNode, model: PageModel) {
    this.#model = model
    const sections = [...root.querySelectorAll<HTMLElement>('section.group')]
    this.#stubs = sections.flatMap((section) => stubsOf(section))
    for (const shape of root.querySelectorAll<SVGGElement>('g.node:not(.link)')) {
      const { id } = shape.dataset
      if (id === undefined) continue
      this.#nodes.set(id, shape)
      nameFindings(shape, model.findings.get(id)?.length ?? 0)
    }
    this.#edges = sections.flatMap((section) => edgesOf(section))
    this.#sections = sections
    this.#setTabStops()
  }

  shape(id: string): SVGGElement | undefined {
    return this.#nodes.get(id)
  }

  /** Marks the selected node and its edges. */
  select(id: string | undefined): void {
    for (const [each, shape] of this.#nodes) shape.classList.toggle('selected', each === id)
    for (const { shape, ends } of this.#edges) shape.classList.toggle('selected', id !== undefined && ends.includes(id))
  }

  /** Fades the nodes that a filter leaves out, with all their edges. */
  show(shown: ReadonlySet<string>): void {
    for (const [id, shape] of this.#nodes) fade(shape, !shown.has(id))
    for (const { shape, ends } of this.#edges) shape.classList.toggle('faded', !ends.some((id) => shown.has(id)))
    for (const { shape, neighbors } of this.#stubs) fade(shape, !neighbors.some((id) => shown.has(id)))
    this.#setTabStops()
  }

  /** Lets the tab key reach the first node of each picture that a filter leaves, but none that is hidden from screen readers. */
  #setTabStops(): void {
    for (const section of this.#sections) {
      for (const shape of section.querySelectorAll<SVGGElement>('g.node')) shape.tabIndex = -1
      const first = section.querySelector<SVGGElement>('g.node:not(.faded)')
      if (first !== null) first.tabIndex = 0
    }
  }

  /** Highlights the route of a message. */
  trace(trace: MessageTrace | undefined): void {
    const route = trace && routeOf(trace)
    for (const [id, shape] of this.#nodes) {
      shape.classList.toggle('on-route', route?.nodes.has(id) === true)
      shape.classList.toggle('off-route', route !== undefined && !route.nodes.has(id))
    }
    for (const { shape, from, to } of this.#edges) {
      const isOn = route?.steps.some((step) => this.#isEnd(step.from, from) && this.#isEnd(step.to, to)) === true
      shape.classList.toggle('on-route', isOn)
      shape.classList.toggle('off-route', route !== undefined && !isOn)
    }
    for (const { shape } of this.#stubs) shape.classList.toggle('off-route', route !== undefined)
  }

  /** Whether an edge ends at a node: itself, or a stub for it or its group. */
  #isEnd(id: string, end: End): boolean {
    if (end.node !== undefined) return end.node === id
    const found = this.#model.nodes.get(id)
    const group = found && this.#model.page.graph.groups[found.group]
    return group !== undefined && group.vhost === end.vhost && group.name === end.group
  }
}

/** The end of an edge: a node, or a group whose nodes at this end are unknown. */
interface End {
  readonly node?: string
  readonly vhost: string
  readonly group?: string
}

interface Edge {
  readonly shape: SVGGElement
  /** The ids of the nodes and stubs in the group. */
  readonly ends: readonly string[]
  readonly from: End
  readonly to: End
}

interface Stub {
  readonly shape: SVGGElement
  /** The nodes of this group that it is connected with. */
  readonly neighbors: readonly string[]
}

/** Adds the number of findings to the name of a node, because the drawn number is hidden from screen readers. */
function nameFindings(shape: SVGGElement, count: number): void {
  if (count > 0) shape.setAttribute('aria-label', `${shape.getAttribute('aria-label')}, ${countOf(count, 'finding')}`)
}

function fade(shape: SVGGElement, isFaded: boolean): void {
  shape.classList.toggle('faded', isFaded)
  if (isFaded) shape.setAttribute('aria-hidden', 'true')
  else shape.removeAttribute('aria-hidden')
}

function stubsOf(section: HTMLElement): Stub[] {
  const edges = edgesOf(section).flatMap(({ ends: [from = '', to = ''] }) => [
    { of: from, node: to },
    { of: to, node: from },
  ])
  const neighbors = groupByKey(edges, ({ of }) => of)
  return [...section.querySelectorAll<SVGGElement>('g.link')].map((shape) => ({
    shape,
    neighbors: (neighbors.get(shape.dataset['id'] ?? '') ?? []).map(({ node }) => node),
  }))
}

function edgesOf(section: HTMLElement): Edge[] {
  const vhost = section.dataset['vhost'] ?? ''
  const stubs = new Map(
    [...section.querySelectorAll<SVGGElement>('g.link')].map(({ dataset }): [string, End] => [
      dataset['id'] ?? '',
      dataset['node'] === undefined ? { vhost, group: dataset['targetGroup'] ?? '' } : { vhost, node: dataset['node'] },
    ]),
  )
  return [...section.querySelectorAll<SVGGElement>('g.edge')].map((shape) => {
    const { from = '', to = '' } = shape.dataset
    return {
      shape,
      ends: [from, to],
      from: stubs.get(from) ?? { vhost, node: from },
      to: stubs.get(to) ?? { vhost, node: to },
    }
  })
}
