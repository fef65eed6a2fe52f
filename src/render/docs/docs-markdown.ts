import type {
  DocumentedExchange,
  DocumentedOwner,
  DocumentedPublication,
  DocumentedQueue,
  DocumentedSubscription,
  TopologyDocs,
} from '../../insight/docs/documented.ts'
import type { NodeKind } from '../../insight/graph/graph.ts'
import { nodeId } from '../../model/names/node-id.ts'
import { type MessageRule, PARTITION_KEY, type ReplyRule } from '../../model/routes.ts'
import { durationLabel } from '../../model/values/duration.ts'
import { failureLines } from '../graph/node-words.ts'
import { graphMermaid } from '../graph/mermaid.ts'
import { codeBlock, markdownCode, markdownText } from '../markdown/escape-markdown.ts'
import { fateLines, queueFacts } from '../trace/queue-words.ts'
import { reachWords } from '../words/reach-words.ts'

/** A reference of a topology in Markdown: a chapter with a picture for each owner. */
export function docsMarkdown({ project, owners }: TopologyDocs): string {
  const page = new MarkdownPage(owners)
  const contents = owners.map(({ name }) => `- [${markdownText(name)}](#${anchorOf(`owner:${name}`)})`)
  const chapters = owners.flatMap((owner) => page.chapter(owner))
  return `${[`# Topology of ${markdownText(project)}`, contents.join('\n'), ...chapters].join('\n\n')}\n`
}

/** An anchor for any text: letters, digits and hyphens are kept, and other characters are written as numbers. */
function anchorOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]/g, (character) =>
    character === ':' || character === '/' ? '-' : `_${character.codePointAt(0)}`,
  )
}

class MarkdownPage {
  /** The ids that have a section on this page. */
  readonly #ids: ReadonlySet<string>
  readonly #manyVhosts: boolean

  constructor(owners: readonly DocumentedOwner[]) {
    const all = owners.flatMap(({ exchanges, queues, publications, subscriptions }) => [
      ...exchanges,
      ...queues,
      ...publications,
      ...subscriptions,
    ])
    this.#ids = new Set(all.map(({ id }) => id))
    this.#manyVhosts = new Set(owners.flatMap(({ graph }) => graph.groups.map(({ vhost }) => vhost))).size > 1
  }

  chapter(owner: DocumentedOwner): string[] {
    const { name, graph, exchanges, queues, publications, subscriptions } = owner
    return [
      `${anchor(`owner:${name}`)}\n\n## ${markdownText(name)}`,
      codeBlock('mermaid', graphMermaid(graph).trimEnd().split('\n')),
      ...publications.flatMap((each) => this.#publication(each)),
      ...exchanges.flatMap((each) => this.#exchange(each)),
      ...queues.flatMap((each) => this.#queue(each)),
      ...subscriptions.flatMap((each) => this.#subscription(each)),
    ]
  }

  #publication({ id, publication, description, reach, mayPublish }: DocumentedPublication): string[] {
    const { vhost, name, exchange, routingKey, partitionKeys, message, reply, delays = [] } = publication
    const target = exchange === '' ? 'the default exchange' : this.#link('exchange', vhost, exchange)
    return [
      this.#title(reply ? 'Request' : 'Publication', { id, vhost, name }),
      ...described(description),
      [
        `- Published to ${target} with ${markdownCode(routingKey === '' ? '(no key)' : routingKey)}`,
        partitionKeys
          ? `- Reaches the partition of its \`${PARTITION_KEY}\`, one of ${partitionKeys.length}`
          : `- Reaches ${markdownText(reachWords(reach)) || 'no queue'}`,
        ...(mayPublish.allowed.length === 0 ? [] : [`- Published by ${codes(mayPublish.allowed)}`]),
        ...(delays.length === 0
          ? []
          : [`- May be delayed by ${delays.map(({ delay }) => durationLabel(delay)).join(', ')}`]),
        ...messageLines(message),
        ...(reply ? [this.#replyLine(vhost, reply)] : []),
      ].join('\n'),
      ...schemaBlock(message),
      ...(reply?.message?.schema === undefined ? [] : ['The schema of the reply:', ...schemaBlock(reply.message)]),
    ]
  }

  #replyLine(vhost: string, { timeout, subscription }: ReplyRule): string {
    const responder = subscription === undefined ? '' : ` from ${this.#link('subscription', vhost, subscription)}`
    return `- Waits ${durationLabel(timeout)} for a reply${responder}`
  }

  #exchange({ id, exchange, description }: DocumentedExchange): string[] {
    const { vhost, name, type, durable } = exchange
    return [
      this.#title('Exchange', { id, vhost, name }),
      ...described(description),
      `- Type ${markdownCode(type)}${durable ? '' : ', not durable'}`,
    ]
  }

  #queue({ id, node, trace, description, publications }: DocumentedQueue): string[] {
    const { vhost, name, failure } = node
    const bound = trace.bindings.filter(({ source }) => failure?.folded.exchanges.includes(source) !== true)
    const retries = failure ? failureLines(failure).map((line) => `- ${upper(line)}`) : []
    const fates = fateLines(trace.queue)
      .filter(([label]) => label !== 'fails')
      .map(([label, text]) => `- ${upper(label)} ${text}`)
    return [
      this.#title('Queue', { id, vhost, name }),
      ...described(description),
      [
        `- Queue: ${queueFacts(trace.queue)}`,
        ...bound.map(
          ({ source, routingKey, arguments: table }) =>
            `- Bound to ${this.#link('exchange', vhost, source)} with ${markdownCode(keyText(routingKey, table))}`,
        ),
        ...linkLine(
          'Gets messages of',
          publications.map((each) => this.#link('publication', vhost, each)),
        ),
        ...linkLine(
          'Consumed by',
          trace.subscriptions.map((each) => this.#link('subscription', vhost, each)),
        ),
        ...(trace.mayConsume.allowed.length === 0 ? [] : [`- May be consumed by ${codes(trace.mayConsume.allowed)}`]),
        ...[...retries, ...fates].map((line) =>
          line.replace(/^- (.*)$/, (_, text: string) => `- ${markdownText(text)}`),
        ),
      ].join('\n'),
    ]
  }

  #subscription({ id, subscription, description }: DocumentedSubscription): string[] {
    const { vhost, name, queue, sharing, message } = subscription
    return [
      this.#title('Subscription', { id, vhost, name }),
      ...described(description),
      [`- Consumes ${this.#link(sharing ? 'exchange' : 'queue', vhost, queue)}`, ...messageLines(message)].join('\n'),
      ...schemaBlock(message),
    ]
  }

  #title(
    kind: string,
    { id, vhost, name }: { readonly id: string; readonly vhost: string; readonly name: string },
  ): string {
    const place = this.#manyVhosts ? ` in vhost ${markdownCode(vhost)}` : ''
    return `${anchor(id)}\n\n### ${kind} ${markdownCode(name)}${place}`
  }

  /** The name of an object or route, as a link if it has a section. */
  #link(kind: NodeKind, vhost: string, name: string): string {
    const id = nodeId(kind, vhost, name)
    return this.#ids.has(id) ? `[${markdownCode(name)}](#${anchorOf(id)})` : markdownCode(name)
  }
}

function anchor(id: string): string {
  return `<a id="${anchorOf(id)}"></a>`
}

function described(description: string | undefined): string[] {
  return description === undefined ? [] : [markdownText(description)]
}

function linkLine(words: string, links: readonly string[]): string[] {
  return links.length === 0 ? [] : [`- ${words} ${links.join(', ')}`]
}

function codes(names: readonly string[]): string {
  return names.map(markdownCode).join(', ')
}

function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

function keyText(routingKey: string, table: object): string {
  const shown = routingKey === '' ? '(no key)' : routingKey
  return Object.keys(table).length === 0
    ? shown
    : `${routingKey === '' ? '' : `${routingKey} `}${JSON.stringify(table)}`
}

function messageLines(message: MessageRule | undefined): string[] {
  if (message === undefined) return []
  const { contentType, encoding, maxBytes, schema, version, accepts } = message
  return [
    ...(contentType === undefined ? [] : [`- Content type ${markdownCode(contentType)}`]),
    ...(encoding === undefined ? [] : [`- Compressed: ${encoding}`]),
    ...(maxBytes === undefined ? [] : [`- At most ${maxBytes} bytes`]),
    ...(version === undefined ? [] : [`- Version ${version}${accepts ? `; accepts ${accepts.join(', ')}` : ''}`]),
    ...(schema === undefined ? [] : ['- Message schema:']),
  ]
}

function schemaBlock(message: MessageRule | undefined): string[] {
  const schema = message?.schema
  return schema === undefined ? [] : [codeBlock('json', JSON.stringify(schema, undefined, 2).split('\n'))]
}
