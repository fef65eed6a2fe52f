import type { GraphNode } from '../../insight/graph/graph.ts'
import type { PageFinding } from '../../insight/page/topology-page.ts'
import { changeLines } from '../../render/graph/change-words.ts'
import { showText } from '../../render/words/show-value.ts'
import { element, required } from '../element.ts'
import { type Fact, type FactValue, nodeFacts } from './node-facts.ts'
import { type PageModel, vhostOf } from '../page-model.ts'

/** The panel at the side, and the actions of its buttons. */
export interface PanelActions {
  readonly open: (node: string) => void
  readonly traceFrom: (node: string) => void
  readonly close: () => void
}

const KIND_WORDS: Readonly<Record<GraphNode['kind'], string>> = {
  exchange: 'Exchange',
  queue: 'Queue',
  publication: 'Publication',
  subscription: 'Subscription',
}

/** Replaces the content of the panel. */
export function fillPanel(title: string, actions: Pick<PanelActions, 'close'>, ...children: readonly Node[]): void {
  const panel = required('#panel', HTMLElement)
  const close = element(
    'button',
    { type: 'button', class: 'close', 'aria-label': 'Close (Escape)', onclick: actions.close },
    '×',
  )
  panel.replaceChildren(
    element('div', { class: 'panel-head' }, element('h2', { tabindex: -1 }, title), close),
    ...children,
  )
  panel.scrollTop = 0
}

/** Shows the facts about a node. */
export function showNode(node: GraphNode, model: PageModel, actions: PanelActions): void {
  const vhost = vhostOf(model, node)
  const canTrace = node.kind === 'publication' || node.kind === 'exchange'
  const shown = node.name === '' ? 'default exchange' : node.name
  const trace = element(
    'button',
    { type: 'button', onclick: () => actions.traceFrom(node.id) },
    'Trace a message from here',
  )
  fillPanel(
    shown,
    actions,
    element('p', { class: 'kind' }, KIND_WORDS[node.kind]),
    ...(node.change === undefined
      ? []
      : [
          element('h3', {}, 'Change'),
          element('ul', { class: 'changes' }, ...changeLines(node.change).map((line) => element('li', {}, line))),
        ]),
    ...(canTrace ? [trace] : []),
    factList(vhost === undefined ? [] : nodeFacts(node, vhost), model, actions),
    ...findingList(model.findings.get(node.id) ?? [], model, actions),
  )
}

/** Shows all findings. */
export function showFindings(model: PageModel, actions: PanelActions): void {
  const { findings } = model.page
  fillPanel('Findings', actions, ...findingList(findings, model, actions))
  const { survey } = model.page
  const unread = survey?.lint === undefined ? [] : survey.vhosts.filter(({ lint }) => lint === undefined)
  const remarks = [
    ...(findings.length === 0 && unread.length === 0 ? ['Lint has no findings.'] : []),
    ...unread.map(({ name }) => `Lint has no result for vhost ${showText(name)}: its objects could not all be read.`),
  ]
  required('#panel', HTMLElement).append(...remarks.map((remark) => element('p', {}, remark)))
}

function factList(facts: readonly Fact[], model: PageModel, actions: PanelActions): HTMLElement {
  return element(
    'dl',
    {},
    ...facts.flatMap(({ label, values }) => [
      element('dt', {}, label),
      ...values.map((value) => element('dd', {}, shownValue(value, model, actions))),
    ]),
  )
}

function shownValue({ text, node }: FactValue, model: PageModel, actions: PanelActions): Node | string {
  return node === undefined || !model.nodes.has(node) ? text : nodeButton(node, text, actions)
}

/** A button that opens a node. */
export function nodeButton(node: string, text: string, { open }: Pick<PanelActions, 'open'>): HTMLElement {
  return element('button', { type: 'button', class: 'to-node', 'data-node': node, onclick: () => open(node) }, text)
}

function findingList(findings: readonly PageFinding[], model: PageModel, actions: PanelActions): HTMLElement[] {
  if (findings.length === 0) return []
  const items = findings.map(({ rule, severity, message, meaning, hint, remedy, node, address }) =>
    element(
      'li',
      { class: severity },
      element('strong', {}, `${severity}: `),
      message,
      ...[meaning, hint ?? remedy].map((text) => element('p', { class: 'hint' }, text)),
      element('p', { class: 'hint' }, `Rule ${rule}`, ...(address === undefined ? [] : [`, ${showText(address)}`])),
      ...(node === undefined || !model.nodes.has(node) ? [] : [nodeButton(node, 'Show in the picture', actions)]),
    ),
  )
  return [element('h3', {}, `Findings (${findings.length})`), element('ul', { class: 'findings' }, ...items)]
}
