import type { MessageTrace } from '../../insight/trace/trace.ts'
import type { TracedBinding, TracedExchange } from '../../insight/trace/traced-exchange.ts'
import type { TracedQueue } from '../../insight/trace/traced-queue.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import { fateLines, queueFacts } from '../../render/trace/queue-words.ts'
import { traceJson } from '../../render/trace/trace-json.ts'
import { bindingLabel, usersText } from '../../render/trace/trace-text.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { exchangeText } from '../../render/words/exchange-text.ts'
import { DOUBTS, reachWords } from '../../render/words/reach-words.ts'
import { showText } from '../../render/words/show-value.ts'
import { pairs, type TraceLink } from '../deep-link.ts'
import { type Child, element, required } from '../element.ts'
import type { PageModel } from '../page-model.ts'
import { fillPanel, nodeButton, type PanelActions } from './panel.ts'
import type { TraceOutcome } from './trace-link.ts'

/** Shows the form in which a message is chosen, and the outcome of tracing it. */
export function showTrace(
  link: TraceLink | undefined,
  outcome: TraceOutcome | undefined,
  model: PageModel,
  actions: PanelActions & { readonly trace: (link: TraceLink) => void },
): void {
  fillPanel(
    'Trace a message',
    actions,
    traceForm(link, model, actions.trace),
    ...(outcome ? outcomeOf(outcome, model, actions) : []),
  )
}

function traceForm(link: TraceLink | undefined, model: PageModel, trace: (link: TraceLink) => void): HTMLElement {
  const from = element('select', { id: 'trace-from', name: 'from' }, ...sources(model))
  from.value = link?.from ?? from.value
  const fields = element('div', {})
  const fill = () =>
    fields.replaceChildren(...fieldsOf(from.value, link?.from === from.value ? link : undefined, model))
  from.addEventListener('change', fill)
  fill()
  const form = element(
    'form',
    { id: 'trace-form' },
    element('label', {}, 'Published as or to ', from),
    fields,
    element('button', { type: 'submit' }, 'Trace'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    trace(linkOfForm(form))
  })
  return form
}

/** The publications and exchanges of all virtual hosts. */
function sources({ vhosts }: PageModel): HTMLElement[] {
  const several = vhosts.size > 1
  return [...vhosts.values()].flatMap(({ name: vhost, routes, topology }) => {
    const where = several ? ` in ${showText(vhost)}` : ''
    const publications = routes.publications.map(({ name }) =>
      element('option', { value: routeId('publication', vhost, name) }, showText(name)),
    )
    const exchanges = [...topology.exchanges.map(({ name }) => name).filter((name) => name !== ''), ''].map((name) =>
      element('option', { value: objectId('exchange', vhost, name) }, exchangeText(name)),
    )
    return [
      ...(publications.length === 0 ? [] : [element('optgroup', { label: `Publications${where}` }, ...publications)]),
      element('optgroup', { label: `Exchanges${where}` }, ...exchanges),
    ]
  })
}

/** A publication asks for its parameters, an exchange for a key and headers. */
function fieldsOf(from: string, link: TraceLink | undefined, { vhosts }: PageModel): HTMLElement[] {
  for (const { name: vhost, routes } of vhosts.values()) {
    const found = routes.publications.find(({ name }) => routeId('publication', vhost, name) === from)
    if (found === undefined) continue
    return [
      element('p', { class: 'hint' }, `Key ${found.routingKey === '' ? '(no key)' : showText(found.routingKey)}`),
      ...found.parameters.map((name) =>
        element(
          'label',
          {},
          `${name} `,
          element('input', {
            name: `parameter ${name}`,
            'data-parameter': name,
            value: link?.parameters[name] ?? '',
            autocomplete: 'off',
          }),
        ),
      ),
    ]
  }
  const headers = element('textarea', { name: 'headers', rows: 2 })
  headers.value = Object.entries(link?.headers ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
  return [
    element(
      'label',
      {},
      'Routing key ',
      element('input', { name: 'key', value: link?.key ?? '', autocomplete: 'off' }),
    ),
    element('label', {}, 'Headers, one name=value on each line ', headers),
  ]
}

function linkOfForm(form: HTMLFormElement): TraceLink {
  const text = (name: string): string => {
    const value = new FormData(form).get(name)
    return typeof value === 'string' ? value : ''
  }
  const parameters = [...form.querySelectorAll<HTMLInputElement>('[data-parameter]')]
  return {
    kind: 'trace',
    from: text('from'),
    key: text('key'),
    parameters: Object.fromEntries(parameters.map((input) => [input.dataset['parameter'] ?? '', input.value])),
    headers: pairs(text('headers').split(/\r?\n/)),
  }
}

function outcomeOf(outcome: TraceOutcome, model: PageModel, actions: PanelActions): HTMLElement[] {
  if ('problem' in outcome) return [element('p', { class: 'problem', role: 'alert' }, outcome.problem)]
  const { trace } = outcome
  const json = element('pre', { id: 'trace-json', tabindex: 0 }, traceJson(trace))
  return [
    element('h3', {}, 'Route'),
    element('ul', { class: 'route' }, exchangeItem(trace.exchange, '', { trace, model, actions })),
    element(
      'p',
      { class: 'reach' },
      `Reaches ${reachWords(trace.reach)}. ${countOf(trace.notMatched, 'binding')} on the way did not match.`,
    ),
    element('p', { class: 'hint' }, `May publish: ${usersText(trace.mayPublish)}`),
    element('details', {}, element('summary', {}, 'As JSON, like warren trace --format json'), json),
  ]
}

interface Shown {
  readonly trace: MessageTrace
  readonly model: PageModel
  readonly actions: PanelActions
}

function exchangeItem(exchange: TracedExchange, label: string, shown: Shown): HTMLElement {
  const { name, type, missing, repeated, matched, oneOf, alternate, oneOfAlternates, unknown } = exchange
  const state = missing ? ', which does not exist' : repeated ? ', passed already' : ''
  const children = [
    ...matched.map((each) => bindingItem(each, shown)),
    ...(oneOf === undefined
      ? []
      : [
          choiceItem(
            `one of (${DOUBTS[oneOf.because.kind]})`,
            oneOf.bindings.map((each) => bindingItem(each, shown)),
          ),
        ]),
    ...(alternate === undefined ? [] : [exchangeItem(alternate, 'no match', shown)]),
    ...(oneOfAlternates === undefined
      ? []
      : [
          choiceItem(
            `no match, one of (${DOUBTS[oneOfAlternates.because.kind]})`,
            oneOfAlternates.exchanges.map((each) =>
              each === undefined ? element('li', {}, 'no alternate exchange') : exchangeItem(each, '', shown),
            ),
          ),
        ]),
    ...(unknown === undefined ? [] : [element('li', {}, `unknown: ${DOUBTS[unknown.kind]}`)]),
  ]
  const isEnd = children.length === 0 && !missing && !repeated
  return element(
    'li',
    {},
    ...labelOf(label),
    'exchange ',
    objectName('exchange', name, shown),
    ` (${type})${state}${isEnd ? ', no binding matches' : ''}`,
    ...(children.length === 0 ? [] : [element('ul', {}, ...children)]),
  )
}

function bindingItem(binding: TracedBinding, shown: Shown): HTMLElement {
  const { destination } = binding
  const label = bindingLabel(binding)
  return destination.kind === 'exchange'
    ? exchangeItem(destination, label, shown)
    : queueItem(destination, label, shown)
}

function queueItem(queue: TracedQueue, label: string, shown: Shown): HTMLElement {
  const fates = fateLines(queue).map(([name, words]) => element('li', { class: 'fate' }, `${name} ${words}`))
  return element(
    'li',
    {},
    ...labelOf(label),
    'queue ',
    objectName('queue', queue.name, shown),
    ` (${queueFacts(queue)})`,
    ...(fates.length === 0 ? [] : [element('ul', {}, ...fates)]),
  )
}

function choiceItem(words: string, items: readonly HTMLElement[]): HTMLElement {
  return element('li', {}, words, element('ul', {}, ...items))
}

function labelOf(label: string): Child[] {
  return label === '' ? [] : [element('code', {}, label), ' → ']
}

function objectName(kind: 'exchange' | 'queue', name: string, { trace, model, actions }: Shown): Child {
  const id = objectId(kind, trace.vhost, name)
  const text = exchangeText(name)
  return model.nodes.has(id) ? nodeButton(id, text, actions) : text
}

/** Puts the cursor into the form. */
export function focusTraceForm(): void {
  required('#trace-from', HTMLSelectElement).focus()
}
