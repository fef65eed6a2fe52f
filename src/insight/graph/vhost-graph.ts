import { consumedQueues, coordinationQueues } from '../../model/routes.ts'
import { EXCHANGES_OF_EVERY_VHOST } from '../../model/built-in-exchange.ts'
import { alternatesOf } from '../../model/policies/dead-letter-targets.ts'
import { winnersOf } from '../../model/policies/winning-policies.ts'
import type { Exchange, Queue } from '../../model/topology.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import { messageOf } from '../trace/trace.ts'
import { usersWhoMay } from '../trace/users-allowed.ts'
import { foldFailurePaths } from './fold-failure-paths.ts'
import type { EdgeKey, FoldedFailure, GraphEdge, GraphMark, GraphNode, QueueFigures } from './graph.ts'
import { objectId, routeId } from '../../model/names/node-id.ts'
import { addressOf } from '../../model/address.ts'
import type { PlannedChanges } from './planned-changes.ts'

/** Facts about nodes that a topology does not contain. */
export interface GraphFacts {
  /** The owner of a node by its id. */
  readonly ownerById: ReadonlyMap<string, string>
  /** Numbers that a live broker reports about queues, by address. Absent if no live broker was read. */
  readonly figures?: ReadonlyMap<string, QueueFigures>
  /** The changes of a plan. The virtual hosts contain the objects that it deletes. Absent without a plan. */
  readonly planned?: PlannedChanges
}

/** The nodes and edges of a virtual host, before they are grouped. */
export interface VhostGraph {
  readonly vhost: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** Turns the objects and routes of a virtual host into nodes and edges. */
export function vhostGraph(vhost: RoutedVhost, facts: GraphFacts): VhostGraph {
  const builder = new GraphBuilder(vhost, facts)
  builder.addObjects()
  builder.addBindings()
  builder.addPolicies()
  builder.addRoutes()
  return builder.result()
}

const DEAD_LETTER = 'dead-letter'

class GraphBuilder {
  readonly #vhost: RoutedVhost
  readonly #facts: GraphFacts
  readonly #paths: ReadonlyMap<string, FoldedFailure>
  readonly #partitions: ReadonlyMap<string, number>
  /** Names of queues and exchanges that are not separate nodes. */
  readonly #hidden: ReadonlySet<string>
  readonly #nodes = new Map<string, GraphNode>()
  readonly #edges = new Map<string, GraphEdge & { readonly keys: EdgeKey[] }>()
  /** The effects of the plan on the parts of an edge, by the key of the edge. */
  readonly #marks = new Map<string, Set<GraphMark | undefined>>()

  constructor(vhost: RoutedVhost, facts: GraphFacts) {
    this.#vhost = vhost
    this.#facts = facts
    this.#paths = foldFailurePaths(vhost)
    const partitions = partitionsOf(vhost)
    this.#partitions = new Map(Array.from(partitions, ([name, queues]) => [name, queues.length]))
    const folded = [...this.#paths.values()].flatMap(({ folded: { exchanges, queues } }) => [
      ...exchanges.map((name) => this.#id('exchange', name)),
      ...queues.map((name) => this.#id('queue', name)),
    ])
    const coordinating = vhost.routes.subscriptions.flatMap(coordinationQueues)
    const ownQueues = [...[...partitions.values()].flat(), ...coordinating].map((name) => this.#id('queue', name))
    this.#hidden = new Set([...folded, ...ownQueues])
  }

  result(): VhostGraph {
    const edges = Array.from(this.#edges, ([id, edge]) => {
      const [mark, ...others] = this.#marks.get(id) ?? []
      const common = others.length > 0 ? 'update' : mark
      return common === undefined ? edge : { ...edge, mark: common }
    })
    return { vhost: this.#vhost.name, nodes: [...this.#nodes.values()], edges }
  }

  addObjects(): void {
    const { exchanges, queues } = this.#vhost.topology
    // The broker's own exchanges are drawn only if something uses them.
    for (const each of exchanges) if (!EXCHANGES_OF_EVERY_VHOST.has(each.name)) this.#exchange(each.name)
    for (const each of queues) this.#queue(each.name)
  }

  addBindings(): void {
    for (const binding of this.#vhost.topology.bindings) {
      const { source, destinationType, destination, routingKey, arguments: table } = binding
      const [from, to] = [this.#id('exchange', source), this.#id(destinationType, destination)]
      if (this.#hidden.has(from) || this.#hidden.has(to)) continue
      const hasKey = this.#vhost.model.exchange(source)?.type !== 'fanout' || routingKey !== ''
      const mark = this.#facts.planned?.bindings.get(addressOf('binding', binding))
      this.#add('binding', this.#exchange(source), this.#node(destinationType, destination), {
        ...(hasKey && { key: { routingKey, arguments: table } }),
        ...(mark && { mark }),
      })
    }
  }

  /** Dead letters and alternate exchanges, by arguments and policies. */
  addPolicies(): void {
    const { topology, model } = this.#vhost
    const { policies } = winnersOf(topology, model.version)
    for (const { name } of topology.queues) {
      if (this.#hidden.has(this.#id('queue', name))) continue
      for (const { deadLetter } of model.settings(name)?.options ?? []) {
        if (deadLetter === undefined) continue
        const { exchange, routingKey } = deadLetter
        if (this.#hidden.has(this.#id('exchange', exchange))) continue
        const isDirect = exchange === '' && routingKey !== undefined
        const to = isDirect ? this.#queue(routingKey) : this.#exchange(exchange)
        this.#add(DEAD_LETTER, this.#queue(name), to, {
          ...(!isDirect && routingKey !== undefined && { key: { routingKey, arguments: {} } }),
          ...this.#markOfOwn('queue', name),
        })
      }
    }
    for (const exchange of topology.exchanges) {
      for (const name of alternatesOf(exchange, policies)) {
        const own = this.#markOfOwn('exchange', exchange.name)
        this.#add('alternate', this.#exchange(exchange.name), this.#exchange(name), own)
      }
    }
  }

  addRoutes(): void {
    const { routes, model, name: vhost } = this.#vhost
    for (const publication of routes.publications) {
      const { name, exchange, routingKey, delays = [] } = publication
      const type = model.exchange(exchange)?.type ?? 'direct'
      const users = this.#users({ exchange: { name: exchange, type }, message: messageOf(publication) })
      const key = exchange !== '' && routingKey !== '' && { key: { routingKey, arguments: {} } }
      const route = this.#route({ kind: 'publication', name, vhost, users })
      this.#add('publish', route, this.#target(exchange, routingKey), { ...key })
      for (const delay of delays) this.#add('publish', route, this.#exchange(delay.exchange), { ...key })
    }
    for (const subscription of routes.subscriptions) {
      const { name, queue, sharing } = subscription
      const [consumed = queue] = consumedQueues(subscription)
      const users = this.#users({ queue: consumed })
      const from = sharing ? this.#exchange(queue) : this.#queue(queue)
      this.#add('consume', from, this.#route({ kind: 'subscription', name, vhost, users }), {})
    }
  }

  #users(use: Parameters<typeof usersWhoMay>[1]): readonly string[] {
    return usersWhoMay(this.#vhost, use).allowed
  }

  /** The target of a publication: the default exchange leads to the queue that its key names. */
  #target(exchange: string, routingKey: string): string {
    const isQueue = exchange === '' && this.#vhost.model.queue(routingKey) !== undefined
    return isQueue ? this.#queue(routingKey) : this.#exchange(exchange)
  }

  #add(
    kind: GraphEdge['kind'],
    from: string,
    to: string,
    { key, mark }: { readonly key?: EdgeKey; readonly mark?: GraphMark },
  ): void {
    const id = JSON.stringify([kind, from, to])
    const edge = this.#edges.get(id) ?? { kind, from, to, keys: [] }
    this.#edges.set(id, edge)
    this.#marks.set(id, (this.#marks.get(id) ?? new Set()).add(mark))
    if (key !== undefined) edge.keys.push({ ...key, ...(mark && { mark }) })
  }

  /** The mark of an arrow that an argument of its first end creates: it is created and deleted with this object. */
  #markOfOwn(kind: 'exchange' | 'queue', name: string): { readonly mark?: GraphMark } {
    const mark = this.#facts.planned?.objects.get(this.#id(kind, name))?.mark
    return mark === 'create' || mark === 'delete' ? { mark } : {}
  }

  #id(kind: 'exchange' | 'queue', name: string): string {
    return objectId(kind, this.#vhost.name, name)
  }

  #node(kind: 'exchange' | 'queue', name: string): string {
    return kind === 'queue' ? this.#queue(name) : this.#exchange(name)
  }

  #exchange(name: string): string {
    const id = this.#id('exchange', name)
    if (this.#nodes.has(id) || this.#hidden.has(id)) return id
    const found: Pick<Exchange, 'type'> | undefined =
      this.#vhost.model.exchange(name) ?? EXCHANGES_OF_EVERY_VHOST.get(name)
    const partitions = this.#partitions.get(name)
    this.#nodes.set(id, {
      kind: 'exchange',
      ...this.#common(id, name),
      ...this.#change(id),
      ...(found && { type: found.type }),
      missing: found === undefined,
      ...(partitions !== undefined && { partitions }),
    })
    return id
  }

  #queue(name: string): string {
    const id = this.#id('queue', name)
    if (this.#nodes.has(id) || this.#hidden.has(id)) return id
    const found: Queue | undefined = this.#vhost.model.queue(name)
    const failure = this.#paths.get(name)
    const figures = this.#figures(id, failure)
    this.#nodes.set(id, {
      kind: 'queue',
      ...this.#common(id, name),
      ...this.#change(id, failure),
      ...(found?.type !== undefined && { type: found.type }),
      missing: found === undefined,
      settings: this.#vhost.model.settings(name)?.options ?? [],
      ...(failure && { failure }),
      ...(figures && { figures }),
    })
    return id
  }

  /** The figures of a queue and of the queues that are folded into it. */
  #figures(id: string, failure: FoldedFailure | undefined): QueueFigures | undefined {
    const { figures } = this.#facts
    if (figures === undefined) return undefined
    const messagesOf = (name: string) => figures.get(this.#id('queue', name))?.messages
    const dead = failure?.deadLetterQueue === undefined ? undefined : messagesOf(failure.deadLetterQueue)
    const waiting = (failure?.folded.queues ?? [])
      .filter((name) => name !== failure?.deadLetterQueue)
      .reduce<number | undefined>((sum, name) => {
        const messages = messagesOf(name)
        return messages === undefined ? sum : (sum ?? 0) + messages
      }, undefined)
    return { ...figures.get(id), ...(waiting !== undefined && { waiting }), ...(dead !== undefined && { dead }) }
  }

  #route(route: {
    kind: 'publication' | 'subscription'
    name: string
    vhost: string
    users: readonly string[]
  }): string {
    const id = routeId(route.kind, route.vhost, route.name)
    this.#nodes.set(id, { ...route, ...this.#common(id, route.name) })
    return id
  }

  #change(id: string, failure?: FoldedFailure) {
    const change = this.#facts.planned?.changeOf(id, this.#vhost.name, failure)
    return change && { change }
  }

  #common(id: string, name: string) {
    const owner = this.#facts.ownerById.get(id)
    return { id, vhost: this.#vhost.name, name, ...(owner !== undefined && { owner }) }
  }
}

/** The partitions of each super stream, except those that a program consumes directly. */
function partitionsOf({ topology, routes }: RoutedVhost): ReadonlyMap<string, readonly string[]> {
  const consumed = new Set(routes.subscriptions.filter(({ sharing }) => !sharing).map(({ queue }) => queue))
  const partitions = new Map<string, string[]>()
  for (const { name, role } of topology.queues) {
    if (role?.kind !== 'partition' || consumed.has(name)) continue
    const own = partitions.get(role.of) ?? []
    partitions.set(role.of, own)
    own.push(name)
  }
  return partitions
}
