import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type {
  EdgeKey,
  FoldedFailure,
  Graph,
  GraphEdge,
  GraphGroup,
  GraphLink,
  GraphNode,
  QueueFigures,
} from '../../insight/graph/graph.ts'
import { changeLines, MARK_SIGNS } from './change-words.ts'
import { durationLabel } from '../../model/values/duration.ts'
import { limitWords } from '../trace/queue-words.ts'
import { exchangeText } from '../words/exchange-text.ts'
import { durationWords } from '../words/duration-words.ts'
import { showText } from '../words/show-value.ts'

/** How many keys and users are shown before the rest is counted. */
const MOST_LISTED = 3

/** The lines of a node: its name, kind, failure path, figures, and the effect of a plan on it. */
export function nodeLines(node: GraphNode): readonly string[] {
  return [...factLines(node), ...(node.change ? changeLines(node.change) : [])]
}

function factLines(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case 'exchange': {
      const { name, type, missing, partitions } = node
      const facts = [
        ...(missing ? ['does not exist'] : [type ?? 'exchange']),
        ...(partitions === undefined ? [] : [`super stream, ${countOf(partitions, 'partition')}`]),
      ]
      return [exchangeText(name), facts.join(', ')]
    }
    case 'queue': {
      const { name, type, missing, settings, failure, figures } = node
      const [only, ...others] = settings
      const facts = missing
        ? ['does not exist']
        : [
            type ?? "the vhost's default type",
            ...(only === undefined || others.length > 0 ? [] : limitWords(only).slice(0, 1)),
          ]
      return [
        showText(name),
        facts.join(', '),
        ...(failure ? failureLines(failure, figures) : []),
        ...(figures ? figureLines(figures) : []),
      ]
    }
    case 'publication':
      return [showText(node.name), `publication${usersWords(node.users)}`]
    case 'subscription':
      return [showText(node.name), `subscription${usersWords(node.users)}`]
  }
}

function usersWords(users: readonly string[]): string {
  return users.length === 0 ? '' : ` by ${listed(users.map(showText))}`
}

/** The failure path of a queue in two lines. */
export function failureLines(
  { delays, native, deadLetterQueue }: FoldedFailure,
  { waiting = 0, dead = 0 }: QueueFigures = {},
): string[] {
  const inRetry = waiting === 0 ? '' : ` (${countOf(waiting, 'message')})`
  const inDead = dead === 0 ? '' : ` (${countOf(dead, 'message')})`
  const ladder =
    delays.length > 0
      ? [`fails → ${delays.map(durationLabel).join(' → ')}${inRetry}`]
      : native
        ? [
            `fails → ${withCommas(native.attempts)} ${native.attempts === 1 ? 'retry' : 'retries'} after ${durationWords(native.min)} to ${durationWords(native.max)}`,
          ]
        : []
  const last = deadLetterQueue === undefined ? [] : [`dead → ${showText(deadLetterQueue)}${inDead}`]
  return [...ladder, ...last]
}

function figureLines({ messages, consumers }: QueueFigures): string[] {
  const words = [
    messages === undefined ? 'messages unknown' : countOf(messages, 'message'),
    consumers === undefined ? 'consumers unknown' : countOf(consumers, 'consumer'),
  ]
  return [words.join(', ')]
}

/** The text of an edge with the signs of a plan; empty if there is none. */
export function edgeText({ kind, keys, mark }: GraphEdge): string {
  const words = { publish: '', binding: '', 'dead-letter': 'dead letters', alternate: 'no match', consume: '' }[kind]
  const isWhole = mark === undefined || keys.every((key) => key.mark === mark)
  const sign = isWhole && mark !== undefined ? [MARK_SIGNS[mark]] : []
  const shown = isWhole ? listedKeys(keys) : changedKeys(keys)
  return [...sign, ...(words === '' ? [] : [words]), ...(shown === '' ? [] : [shown])].join(' ')
}

function listedKeys(keys: readonly EdgeKey[]): string {
  return listed(keys.map(keyText))
}

/** `+ order.paid, − order.cancelled; kept: order.created`: each change with its sign, then the keys that are kept. */
function changedKeys(keys: readonly EdgeKey[]): string {
  const kept = keys.filter((key) => key.mark === undefined)
  const changed = keys.flatMap((key) => (key.mark === undefined ? [] : [`${MARK_SIGNS[key.mark]} ${keyText(key)}`]))
  return `${listed(changed)}${kept.length === 0 ? '' : `; kept: ${listedKeys(kept)}`}`
}

function keyText({ routingKey, arguments: table }: EdgeKey): string {
  const entries = Object.entries(table).map(([name, value]) => `${showText(name)}=${JSON.stringify(value)}`)
  if (entries.length === 0) return routingKey === '' ? '(no key)' : showText(routingKey)
  return [...(routingKey === '' ? [] : [showText(routingKey)]), ...entries].join(' ')
}

/** The text of a stub: `→ billing (3)`. */
export function linkText({ direction, name, count }: GraphLink): string {
  const shown = exchangeText(name)
  const counted = count > 1 ? ` (${withCommas(count)})` : ''
  return direction === 'out' ? `→ ${shown}${counted}` : `${shown}${counted} →`
}

/** The title of a group; a virtual host is named where there are several. */
export function groupTitle({ vhost, name }: GraphGroup, { groups }: Graph): string {
  const isOnlyVhost = groups.every((each) => each.vhost === vhost)
  const isAlone = groups.filter((each) => each.vhost === vhost).length === 1
  if (name === '' && isAlone) return `vhost ${showText(vhost)}`
  const own = name === '' ? 'others' : showText(name)
  return isOnlyVhost ? own : `${showText(vhost)}: ${own}`
}

/** The owners of all nodes, sorted. */
export function ownersOf({ groups }: Graph): readonly string[] {
  return [...new Set(groups.flatMap(({ nodes }) => nodes.flatMap(({ owner }) => owner ?? [])))].toSorted()
}

function listed(texts: readonly string[]): string {
  const shown = texts.length > MOST_LISTED + 1 ? texts.slice(0, MOST_LISTED) : texts
  const rest = texts.length - shown.length
  return `${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`
}
