import { countOf } from '../../diagnostics/text/count-of.ts'
import type { MessageTrace, QueueTrace, Trace } from '../../insight/trace/trace.ts'
import type { TracedBinding, TracedExchange } from '../../insight/trace/traced-exchange.ts'
import type { TracedQueue } from '../../insight/trace/traced-queue.ts'
import type { UsersAllowed } from '../../insight/trace/users-allowed.ts'
import { exchangeText } from '../words/exchange-text.ts'
import { DOUBTS } from '../words/reach-words.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'
import { fateLines, queueFacts } from './queue-words.ts'

/** A line of a tree with the lines below it. */
interface Node {
  readonly label: string
  readonly text: string
  readonly facts?: string
  readonly details: readonly (readonly [label: string, text: string])[]
  readonly children: readonly Node[]
}

/** The minimum width of the column of labels. */
const LEAST_LABEL = 12

/** A trace as a tree for people. */
export function traceText(trace: Trace, style: Style): string {
  const lines = trace.kind === 'message' ? messageLines(trace, style) : queueLines(trace, style)
  return `${lines.join('\n')}\n`
}

function messageLines(trace: MessageTrace, style: Style): string[] {
  const { exchange, routingKey, headers, notMatched, mayPublish, reach } = trace
  const shownHeaders = Object.keys(headers).length === 0 ? '' : `   ${JSON.stringify(headers)}`
  const children = nodesOf(exchange)
  const isNowhere = reach.queues.length + reach.choices.length + reach.doubts.length === 0
  return [
    `${style.strong(exchangeText(exchange.name))} (${exchange.type})   ${showText(routingKey)}${shownHeaders}`,
    ...treeLines(children, '', style),
    ...(isNowhere ? [style.warn('reaches no queue: the broker returns a mandatory message, and drops others')] : []),
    `${style.faint('not matched:')} ${countOf(notMatched, 'binding')}   ${style.faint('may publish:')} ${usersText(mayPublish)}`,
  ]
}

function queueLines({ queue, bindings, subscriptions, mayConsume }: QueueTrace, style: Style): string[] {
  const bound = bindings.map((each) => ['bound to', `${showText(each.source)} with ${bindingLabel(each)}`] as const)
  const node: Node = { label: '', text: '', details: [...bound, ...fateLines(queue)], children: [] }
  return [
    `${style.strong(showText(queue.name))} (queue)   ${queueFacts(queue)}`,
    ...detailLines(node, '', style),
    `${style.faint('subscriptions:')} ${subscriptions.length === 0 ? 'none' : subscriptions.map(showText).join(', ')}   ${style.faint('may consume:')} ${usersText(mayConsume)}`,
  ]
}

function nodesOf(exchange: TracedExchange): Node[] {
  const { matched, oneOf, alternate, oneOfAlternates, unknown } = exchange
  return [
    ...matched.map((each) => bindingNode(each)),
    ...(oneOf === undefined
      ? []
      : [
          leaf(
            'one of',
            DOUBTS[oneOf.because.kind],
            oneOf.bindings.map((each) => bindingNode(each)),
          ),
        ]),
    ...(alternate === undefined ? [] : [exchangeNode('no match', alternate, 'alternate exchange ')]),
    ...(oneOfAlternates === undefined
      ? []
      : [
          leaf(
            'no match',
            `one of these alternate exchanges: ${DOUBTS[oneOfAlternates.because.kind]}`,
            oneOfAlternates.exchanges.map((each) =>
              each === undefined
                ? leaf('none', 'no alternate exchange', [])
                : exchangeNode('', each, 'alternate exchange '),
            ),
          ),
        ]),
    ...(unknown === undefined ? [] : [leaf('unknown', DOUBTS[unknown.kind], [])]),
  ]
}

function leaf(label: string, text: string, children: readonly Node[]): Node {
  return { label, text, details: [], children }
}

function bindingNode(binding: TracedBinding): Node {
  const label = bindingLabel(binding)
  const { destination } = binding
  return destination.kind === 'queue' ? queueNode(label, destination) : exchangeNode(label, destination, 'exchange ')
}

function queueNode(label: string, queue: TracedQueue): Node {
  return {
    label,
    text: `queue ${showText(queue.name)}`,
    facts: queueFacts(queue),
    details: fateLines(queue),
    children: [],
  }
}

function exchangeNode(label: string, exchange: TracedExchange, words: string): Node {
  const text = `${words}${exchangeText(exchange.name)}`
  if (exchange.missing) return leaf(label, `${text}, which does not exist`, [])
  if (exchange.repeated) return leaf(label, `${text} (${exchange.type}), passed already`, [])
  const children = nodesOf(exchange)
  const nothing = children.length === 0 ? ', no binding matches' : ''
  return leaf(label, `${text} (${exchange.type})${nothing}`, children)
}

/** The key of a binding, and its arguments. */
export function bindingLabel({
  routingKey,
  arguments: table,
}: Pick<TracedBinding, 'routingKey' | 'arguments'>): string {
  const hasTable = Object.keys(table).length > 0
  if (!hasTable) return routingKey === '' ? '(no key)' : showText(routingKey)
  return `${routingKey === '' ? '' : `${showText(routingKey)} `}${JSON.stringify(table)}`
}

function treeLines(nodes: readonly Node[], indent: string, style: Style): string[] {
  const width = Math.max(LEAST_LABEL, ...nodes.map(({ label }) => label.length))
  const textWidth = Math.max(0, ...nodes.map(({ text, facts }) => (facts === undefined ? 0 : text.length)))
  return nodes.flatMap((node, at) => {
    const isLast = at === nodes.length - 1
    const below = `${indent}${isLast ? '   ' : '│  '}`
    const facts = node.facts === undefined ? node.text : `${node.text.padEnd(textWidth)}   ${style.faint(node.facts)}`
    return [
      `${indent}${isLast ? '└─' : '├─'} ${node.label.padEnd(width)} → ${facts}`,
      ...detailLines(node, below, style, width),
      ...treeLines(node.children, below, style),
    ]
  })
}

function detailLines({ details }: Node, indent: string, style: Style, width = LEAST_LABEL): string[] {
  const longest = Math.max(width - 2, ...details.map(([label]) => label.length))
  return details.map(([label, text]) => `${indent}  ${style.faint(label.padEnd(longest))} ${text}`)
}

/** The users who may do something, or why they are unknown. */
export function usersText({ known, allowed, unknown, users }: UsersAllowed): string {
  if (!known) return 'unknown, the login may not read users'
  if (users === 0) return 'unknown, no user is declared'
  const names = [...allowed.map(showText), ...unknown.map((name) => `${showText(name)} (unknown)`)]
  return names.length === 0 ? 'no user' : names.join(', ')
}
