import type { GraphEdge } from '../../insight/graph/graph.ts'
import type { PageModel } from '../page-model.ts'
import { required } from '../element.ts'

export interface KeyActions {
  readonly openNode: (shape: SVGGElement) => void
  /** Moves the focus to a node in any group. */
  readonly focusNode: (id: string) => void
  /** Closes the part that was opened last. */
  readonly escape: () => void
  readonly zoom: (by: -1 | 0 | 1) => void
}

/**
 * Makes everything reachable with the keyboard: `/` searches, arrows go from node to node, Enter opens, Escape
 * closes.
 */
export function startKeyboard(model: PageModel, actions: KeyActions): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { key, target } = event
    if (key === 'Escape') return actions.escape()
    if (isTyping(target)) return
    if (key === '/') {
      event.preventDefault()
      return required('#search', HTMLInputElement).focus()
    }
    if (key === '+') return actions.zoom(1)
    if (key === '-') return actions.zoom(-1)
    if (key === '0') return actions.zoom(0)
    const shape = target instanceof Element ? target.closest<SVGGElement>('g.node') : null
    if (shape === null) return
    if (key === 'Enter' || key === ' ') {
      event.preventDefault()
      return actions.openNode(shape)
    }
    if (!key.startsWith('Arrow')) return
    event.preventDefault()
    move(key, shape, model, actions)
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type="checkbox"]), textarea, select') !== null
}

/** Left and right follow the messages; up and down go through the nodes of the group by their position. */
function move(key: string, shape: SVGGElement, model: PageModel, { focusNode }: KeyActions): void {
  const id = shape.dataset['id'] ?? ''
  const next = (edges: readonly GraphEdge[] | undefined, end: 'from' | 'to') =>
    edges?.map((edge) => edge[end]).find((each) => model.nodes.has(each))
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    const there = key === 'ArrowRight' ? next(model.from.get(id), 'to') : next(model.to.get(id), 'from')
    if (there !== undefined) return focusNode(there)
  }
  const shapes = inOrder(shape.closest('svg'))
  const by = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : -1
  const to = shapes[shapes.indexOf(shape) + by]
  if (to !== undefined) focusShape(to)
}

/** The nodes and stubs of a picture that a filter keeps, from left to right and from top to bottom. */
function inOrder(svg: SVGSVGElement | null): SVGGElement[] {
  const shapes = [...(svg?.querySelectorAll<SVGGElement>('g.node:not(.faded)') ?? [])]
  const places = new Map(shapes.map((shape) => [shape, shape.getBoundingClientRect()]))
  return shapes.toSorted((one, other) => {
    const [a, b] = [places.get(one), places.get(other)]
    return a === undefined || b === undefined ? 0 : Math.round(a.left - b.left) || a.top - b.top
  })
}

/** Focuses a node; the tab key reaches only one node of each picture. */
export function focusShape(shape: SVGGElement): void {
  for (const each of shape.closest('svg')?.querySelectorAll<SVGGElement>('g.node') ?? []) each.tabIndex = -1
  shape.tabIndex = 0
  // A search or a link may lead to a node that a filter fades. A node with the focus has to be readable.
  shape.removeAttribute('aria-hidden')
  shape.focus({ preventScroll: true })
  shape.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}
