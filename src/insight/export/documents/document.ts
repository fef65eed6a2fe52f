import { address, addressOf } from '../../../model/address.ts'
import { isBuiltInExchange } from '../../../model/built-in-exchange.ts'
import type { Binding, Exchange, Topology, VirtualHost } from '../../../model/topology.ts'
import type { CommentedEntry, CommentedTable, CommentedValue } from '../../../desired/source/yaml/commented.ts'
import { escapeReferences } from '../../../desired/source/references/named-text.ts'
import type { FoldedPath } from '../fold/fold-failure-path.ts'
import type { FoldedSuperStream } from '../fold/fold-super-streams.ts'
import { argumentEntries, queueEntries } from './queue-entry.ts'
import type { SecretReferences } from './secret-references.ts'
import { byKey, byName, section, sorted } from './sections.ts'
import { settingsSections, vhostValue } from './settings-sections.ts'
import { textArgument, type VhostLookup } from '../topology-lookup.ts'
import { userEntries, type UserPart } from './user-entry.ts'

/** The objects that one project declares in one virtual host. */
export interface DocumentPart {
  readonly project: string
  readonly vhost: VirtualHost
  /** The objects of the project in this virtual host. */
  readonly objects: Topology
  readonly users: readonly UserPart[]
}

/** Facts about everything that is exported from a virtual host. */
export interface DocumentContext {
  /** All exported objects of the virtual host. */
  readonly lookup: VhostLookup
  /** Exchanges that no project declares and that files may refer to. */
  readonly external: ReadonlyMap<string, Exchange>
  readonly folds: ReadonlyMap<string, FoldedPath>
  readonly superStreams: ReadonlyMap<string, FoldedSuperStream>
  /** Addresses of objects that short forms declare. */
  readonly derived: ReadonlySet<string>
  readonly isProtected: (address: string) => boolean
  /** Comment lines above a queue, by its name. */
  readonly comments: ReadonlyMap<string, readonly string[]>
  /** Comment lines above an exchange, by its name. */
  readonly exchangeComments: ReadonlyMap<string, readonly string[]>
  /** Inferred subscriptions, by the name of their queue. */
  readonly subscriptions: ReadonlyMap<string, CommentedEntry>
  readonly secrets: SecretReferences
}

/** Writes one document, with references to exchanges and queues of other projects as external objects. */
export function documentOf(part: DocumentPart, context: DocumentContext): CommentedTable {
  return new DocumentWriter(part, context).document()
}

class DocumentWriter {
  readonly #part: DocumentPart
  readonly #context: DocumentContext
  readonly #ownExchanges: ReadonlySet<string>
  readonly #ownQueues: ReadonlySet<string>
  readonly #foreignExchanges = new Map<string, Exchange>()
  readonly #foreignQueues = new Set<string>()

  constructor(part: DocumentPart, context: DocumentContext) {
    this.#part = part
    this.#context = context
    this.#ownExchanges = new Set(part.objects.exchanges.map(({ name }) => name))
    this.#ownQueues = new Set(part.objects.queues.map(({ name }) => name))
  }

  document(): CommentedTable {
    const { project, objects, users } = this.#part
    const { derived, secrets, subscriptions } = this.#context
    const nested = new Map<string, CommentedValue[]>()
    const apart: CommentedValue[] = []
    for (const each of sorted(objects.bindings, bindingOrder)) {
      if (!derived.has(addressOf('binding', each))) this.#addBinding(each, nested, apart)
    }
    const exchanges = byName(objects.exchanges)
      .filter((each) => !derived.has(addressOf('exchange', each)))
      .map((each) => this.#exchange(each, nested))
    const queues = byName(objects.queues)
      .filter((each) => !derived.has(addressOf('queue', each)))
      .map((queue): CommentedEntry => {
        const fold = this.#context.folds.get(queue.name)
        const at = addressOf('queue', queue)
        this.#refer(fold?.deadLetter?.exchange ?? textArgument(queue, 'x-dead-letter-exchange'))
        this.#refer(fold?.retry?.via?.exchange)
        const entries = [...queueEntries(queue, secrets, fold), ...this.#bindings(at, nested), ...this.#protection(at)]
        return commented(this.#context.comments.get(queue.name), {
          key: escapeReferences(queue.name),
          value: { entries },
        })
      })
    const people = userEntries(users, this.#context.isProtected)
    for (const each of objects.topicPermissions) this.#refer(each.exchange)
    const external = this.#externalEntries()
    return {
      entries: [
        { key: 'warren', value: 1 },
        { key: 'project', value: escapeReferences(project) },
        { key: 'vhost', value: vhostValue(this.#part, secrets) },
        ...section('exchanges', byKey([...exchanges, ...external.exchanges])),
        ...section('queues', byKey([...queues, ...external.queues])),
        ...(apart.length === 0 ? [] : [{ key: 'bindings', value: apart }]),
        ...section('users', people),
        ...section('subscriptions', byKey(byName(objects.queues).flatMap(({ name }) => subscriptions.get(name) ?? []))),
        ...settingsSections(objects, this.#context),
        ...section('superStreams', this.#superStreams()),
      ],
    }
  }

  #exchange(exchange: Exchange, nested: ReadonlyMap<string, CommentedValue[]>): CommentedEntry {
    const { name, type, durable, autoDelete, internal, arguments: table } = exchange
    const at = addressOf('exchange', exchange)
    const alternate = this.#knownAlternate(exchange)
    this.#refer(alternate)
    const { 'alternate-exchange': _alternate, ...rest } = table
    const entries: CommentedEntry[] = [
      { key: 'type', value: escapeReferences(type) },
      ...(durable ? [] : [{ key: 'durable', value: false }]),
      ...(autoDelete ? [{ key: 'autoDelete', value: true }] : []),
      ...(internal ? [{ key: 'internal', value: true }] : []),
      ...(alternate === undefined ? [] : [{ key: 'alternateExchange', value: escapeReferences(alternate) }]),
      ...argumentEntries(alternate === undefined ? table : rest, this.#context.secrets, [
        exchange.vhost,
        'exchange',
        name,
      ]),
      ...this.#bindings(at, nested),
      ...this.#protection(at),
    ]
    const comments = this.#context.exchangeComments.get(name)
    return commented(comments, { key: escapeReferences(name), value: { entries } })
  }

  /** Returns the alternate exchange if it exists, because a property has to refer to an existing exchange. */
  #knownAlternate(exchange: Exchange): string | undefined {
    const name = textArgument(exchange, 'alternate-exchange')
    if (name === undefined || name === '') return undefined
    const { lookup, external } = this.#context
    return lookup.exchanges.has(name) || external.has(name) ? name : undefined
  }

  #bindings(at: string, nested: ReadonlyMap<string, CommentedValue[]>): CommentedEntry[] {
    const list = nested.get(at)
    return list === undefined ? [] : [{ key: 'bindings', value: list }]
  }

  #protection(at: string): CommentedEntry[] {
    return this.#context.isProtected(at) ? [{ key: 'protect', value: true }] : []
  }

  /** Writes a binding within its destination if the document has an entry for it. */
  #addBinding(each: Binding, nested: Map<string, CommentedValue[]>, apart: CommentedValue[]): void {
    const { vhost, source, destinationType, destination, routingKey, arguments: table } = each
    const { derived, secrets } = this.#context
    this.#refer(source)
    const path = [vhost, 'binding', source, destination]
    const rest: CommentedEntry[] = [
      ...(routingKey === '' ? [] : [{ key: 'routingKey', value: escapeReferences(routingKey) }]),
      ...argumentEntries(table, secrets, path),
    ]
    const at = address(destinationType, vhost, destination)
    const isOwn = (destinationType === 'queue' ? this.#ownQueues : this.#ownExchanges).has(destination)
    if (isOwn && !derived.has(at)) {
      const list = nested.get(at) ?? []
      nested.set(at, list)
      const exchange = escapeReferences(source)
      list.push(rest.length === 0 ? exchange : { entries: [{ key: 'exchange', value: exchange }, ...rest] })
      return
    }
    if (destinationType === 'exchange') this.#refer(destination)
    else if (!isOwn) this.#foreignQueues.add(destination)
    const target = { entries: [{ key: destinationType, value: escapeReferences(destination) }] }
    apart.push({
      entries: [{ key: 'source', value: escapeReferences(source) }, { key: 'destination', value: target }, ...rest],
    })
  }

  /** Records that the document refers to an exchange, which may belong to another project. */
  #refer(name: string | undefined): void {
    if (name === undefined || isBuiltInExchange(name) || this.#ownExchanges.has(name)) return
    const exchange = this.#context.lookup.exchanges.get(name) ?? this.#context.external.get(name)
    if (exchange) this.#foreignExchanges.set(name, exchange)
  }

  #externalEntries() {
    const external = { key: 'external', value: true }
    const exchanges = Array.from(this.#foreignExchanges, ([name, { type, arguments: table }]) => {
      // `x-delayed-type` determines how a delayed exchange routes, and so which bindings differ.
      const delayed = Object.entries(table).filter(([key]) => key === 'x-delayed-type')
      const rest = argumentEntries(Object.fromEntries(delayed), this.#context.secrets, [])
      const entries = [{ key: 'type', value: escapeReferences(type) }, ...rest, external]
      return { key: escapeReferences(name), value: { entries } }
    })
    const queues = Array.from(this.#foreignQueues, (name) => ({
      key: escapeReferences(name),
      value: { entries: [external] },
    }))
    return { exchanges, queues }
  }

  #superStreams(): CommentedEntry[] {
    return [...this.#context.superStreams.values()]
      .filter(({ name }) => this.#ownExchanges.has(name))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, keys }): CommentedEntry => {
        const isNumbered = keys.every((key, at) => key === String(at))
        const entries: CommentedEntry[] = isNumbered
          ? [{ key: 'partitions', value: keys.length }]
          : [{ key: 'bindingKeys', value: keys.map(escapeReferences) }]
        return { key: escapeReferences(name), value: { entries } }
      })
  }
}

function commented(lines: readonly string[] | undefined, entry: CommentedEntry): CommentedEntry {
  return lines === undefined || lines.length === 0 ? entry : { ...entry, comment: lines.join('\n') }
}

function bindingOrder(binding: Binding): string {
  return addressOf('binding', binding)
}
