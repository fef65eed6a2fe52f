import type { Finding } from '../../diagnostics/findings/finding.ts'
import { EXCHANGES_OF_EVERY_VHOST } from '../../model/built-in-exchange.ts'
import type { Descriptions } from '../../model/descriptions.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Publication, Routes, Subscription } from '../../model/routes.ts'
import type { Binding, Exchange, Topology } from '../../model/topology.ts'
import { isCertain, reachesAny } from '../routing/reach.ts'
import { vhostParts } from '../routing/routed-vhost.ts'
import { type Message, VhostModel } from '../routing/vhost-model.ts'
import { type QueueRoles, queueRoles } from '../survey/queue-roles.ts'

/** What is linted: files, a live broker, or its definitions. */
export interface LintInput {
  readonly topology: Topology
  /** Default: none, as for a live broker. */
  readonly routes?: Routes
  /** The version of the broker that the rules assume, such as `4.3.6`. */
  readonly version: string
  readonly project?: string
  readonly descriptions?: Descriptions
  /** The warnings about the files. Default: none. */
  readonly warnings?: readonly Finding[]
}

/** Everything that rules can read. */
export interface LintContext extends LintInput {
  readonly routes: Routes
  readonly vhosts: readonly LintedVhost[]
}

/** One virtual host, indexed for rules. Computes nothing before a rule needs it. */
export class LintedVhost {
  readonly name: string
  readonly topology: Topology
  readonly publications: readonly Publication[]
  readonly subscriptions: readonly Subscription[]
  readonly #version: string
  #model: VhostModel | undefined
  #winners: WinnersOfBoth | undefined
  #roles: QueueRoles | undefined
  #exchanges: ReadonlyMap<string, Exchange> | undefined
  #bindings: ReadonlyMap<string, readonly Binding[]> | undefined

  constructor(name: string, topology: Topology, routes: Routes, version: string) {
    this.name = name
    this.topology = topology
    this.publications = routes.publications
    this.subscriptions = routes.subscriptions
    this.#version = version
  }

  get model(): VhostModel {
    return (this.#model ??= new VhostModel(
      { ...this.topology, exchanges: [...this.exchanges.values()] },
      this.#version,
    ))
  }

  get winners(): WinnersOfBoth {
    return (this.#winners ??= winnersOf(this.topology, this.#version))
  }

  get roles(): QueueRoles {
    return (this.#roles ??= queueRoles(this.topology, this.#version))
  }

  /**
   * The exchanges by name. The exchanges of every virtual host are included, as external ones if they are not listed,
   * because other projects bind to them too.
   */
  get exchanges(): ReadonlyMap<string, Exchange> {
    return (this.#exchanges ??= new Map([
      ...Array.from(EXCHANGES_OF_EVERY_VHOST, ([name, { type, internal }]): [string, Exchange] => [
        name,
        { vhost: this.name, name, type, internal, durable: true, autoDelete: false, arguments: {}, external: true },
      ]),
      ...this.topology.exchanges.map((each): [string, Exchange] => [each.name, each]),
    ]))
  }

  /** Whether a message certainly reaches no queue, unless another project binds one. */
  reachesNoQueue(exchange: string, message: Message): boolean {
    let isShared = false
    const reach = this.model.route(exchange, message, ({ exchange: { external } }) => (isShared ||= external === true))
    return !isShared && !reachesAny(reach) && isCertain(reach)
  }

  bindingsFrom(exchange: string): readonly Binding[] {
    this.#bindings ??= groupsOf(this.topology.bindings, ({ source }) => source)
    return this.#bindings.get(exchange) ?? []
  }
}

/** Prepares the input of rules. */
export function lintContext(input: LintInput): LintContext {
  const { topology, routes = { publications: [], subscriptions: [] }, version } = input
  const vhosts = vhostParts(topology, routes).map(
    (part) => new LintedVhost(part.name, part.topology, part.routes, version),
  )
  return { ...input, routes, vhosts }
}

function groupsOf<T>(objects: readonly T[], keyOf: (object: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const each of objects) {
    const key = keyOf(each)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return groups
}
