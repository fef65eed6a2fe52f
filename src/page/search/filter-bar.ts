import type { NodeKind } from '../../insight/graph/graph.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Drawing } from '../picture/drawing.ts'
import { announce, required } from '../element.ts'
import { isEmptyFilter, leavesNode, type NodeFilter } from './filter-nodes.ts'
import type { PageModel } from '../page-model.ts'

/** Applies the filters of the bar above the picture as soon as they change. */
export function startFilters(model: PageModel, drawing: Drawing): void {
  const form = required('#filters', HTMLFormElement)
  const apply = () => applyFilter(filterOf(form), model, drawing)
  form.addEventListener('input', apply)
  form.addEventListener('submit', (event) => event.preventDefault())
  // A form is reset only after this event.
  form.addEventListener('reset', () => queueMicrotask(() => setTimeout(apply)))
}

function filterOf(form: HTMLFormElement): NodeFilter {
  const data = new FormData(form)
  const text = (name: string): string => {
    const value = data.get(name)
    return typeof value === 'string' ? value : ''
  }
  const boxes = form.querySelectorAll<HTMLInputElement>('[name="kind"]')
  const kinds = data.getAll('kind') as NodeKind[]
  return {
    owner: text('owner'),
    vhost: text('vhost'),
    prefix: text('prefix'),
    kinds: kinds.length === boxes.length ? [] : kinds,
    only: text('only') as NodeFilter['only'],
  }
}

function applyFilter(filter: NodeFilter, model: PageModel, drawing: Drawing): void {
  const { from, to, nodes, findings } = model
  const facts = {
    from,
    to,
    nameOf: (id: string) => nodes.get(id)?.node.name,
    hasFindings: (id: string) => findings.has(id),
  }
  const shown = new Set<string>()
  const groups = new Map<number, number>()
  for (const [id, { node, group }] of nodes) {
    if (!leavesNode(node, filter, facts)) continue
    shown.add(id)
    groups.set(group, (groups.get(group) ?? 0) + 1)
  }
  drawing.show(shown)
  const isAll = isEmptyFilter(filter)
  document.querySelectorAll<HTMLElement>('section.group').forEach((section, index) => {
    section.hidden = !groups.has(index)
    const count = section.querySelector('.shown')
    if (count !== null) count.textContent = isAll ? '' : `${withCommas(groups.get(index) ?? 0)} shown`
  })
  announce(isAll ? 'Everything is shown' : `${withCommas(shown.size)} of ${withCommas(nodes.size)} are shown`)
}
