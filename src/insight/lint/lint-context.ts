import type { Finding } from '../../diagnostics/findings/finding.ts'
import { EXCHANGES_OF_EVERY_VHOST } from '../../model/built-in-exchange.ts'
import type { Desired } from '../../model/desired.ts'
import type { Descriptions } from '../../model/descriptions.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Publication, Routes, Subscription } from '../../model/routes.ts'
import { addressOf } from '../../model/address.ts'
import {
  type Binding,
  type Exchange,
  type ObjectOf,
  objectsOf,
  type Topology,
  topologyOf,
} from '../../model/topology.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import { isCertain, reachesAny } from '../routing/reach.ts'
import { type VhostPart, vhostParts } from '../routing/routed-vhost.ts'
import { type Message, VhostModel } from '../routing/vhost-model.ts'
import { type QueueRoles, queueRoles } from '../survey/queue-roles.ts'

/** The subject of lint: files, a live broker, or its definitions. */
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
  /** The other projects of the run, which share virtual hosts with the files. Default: none. */
  readonly others?: readonly OtherProject[]
}

/** Another project of a run. Rules do not check its objects, but its objects affect routing. */
export type OtherProject = Pick<Desired, 'topology' | 'routes'>

/** Everything that rules can read. */
export interface LintContext extends LintInput {
  readonly routes: Routes
  readonly vhosts: readonly LintedVhost[]
}

/** One virtual host, indexed for rules. Computes nothing before a rule needs it. */
export class LintedVhost {
  readonly name: string
  /** The objects that rules check. */
  readonly topology: Topology
  readonly publications: readonly Publication[]
  readonly subscriptions: readonly Subscription[]
  /** All known objects of the virtual host, including those that other projects of the run declare. */
  readonly whole: Omit<VhostPart, 'name'>
  readonly #version: string
  #model: VhostModel | undefined
  #winners: WinnersOfBoth | undefined
  #roles: QueueRoles | undefined
  #exchanges: ReadonlyMap<string, Exchange> | undefined
  #bindings: ReadonlyMap<string, readonly Binding[]> | undefined

  constructor(own: VhostPart, others: readonly VhostPart[], version: string) {
    this.name = own.name
    this.topology = own.topology
    this.publications = own.routes.publications
    this.subscriptions = own.routes.subscriptions
    this.whole = wholeOf(own, others)
    this.#version = version
  }

  get model(): VhostModel {
    return (this.#model ??= new VhostModel(
      { ...this.whole.topology, exchanges: [...this.exchanges.values()] },
      this.#version,
      this.winners,
    ))
  }

  get winners(): WinnersOfBoth {
    return (this.#winners ??= winnersOf(this.whole.topology, this.#version))
  }

  get roles(): QueueRoles {
    return (this.#roles ??= queueRoles(this.whole.topology, this.#version, this.winners))
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
      ...this.whole.topology.exchanges.map((each): [string, Exchange] => [each.name, each]),
    ]))
  }

  /** Whether a message certainly reaches no queue, unless another project binds one. */
  reachesNoQueue(exchange: string, message: Message): boolean {
    let isShared = false
    const reach = this.model.route(exchange, message, ({ exchange: { external } }) => (isShared ||= external === true))
    return !isShared && !reachesAny(reach) && isCertain(reach)
  }

  bindingsFrom(exchange: string): readonly Binding[] {
    this.#bindings ??= groupByKey(this.whole.topology.bindings, ({ source }) => source)
    return this.#bindings.get(exchange) ?? []
  }
}

/** Prepares the input of rules. */
export function lintContext(input: LintInput): LintContext {
  const { topology, routes = { publications: [], subscriptions: [] }, version, others = [] } = input
  const byVhost = groupByKey(
    others.flatMap((each) => vhostParts(each.topology, each.routes)),
    ({ name }) => name,
  )
  const vhosts = vhostParts(topology, routes).map(
    (part) => new LintedVhost(part, byVhost.get(part.name) ?? [], version),
  )
  return { ...input, routes, vhosts }
}

/**
 * Adds the objects of other projects. If both declare an object, such as an external one, the checked declaration is
 * used.
 */
function wholeOf(own: VhostPart, others: readonly VhostPart[]): Omit<VhostPart, 'name'> {
  if (others.length === 0) return own
  const all = [own, ...others]
  return {
    topology: topologyOf((kind) => {
      const byAddress = new Map<string, ObjectOf[typeof kind]>()
      for (const each of all.flatMap(({ topology }) => objectsOf(kind, topology))) {
        const address = addressOf(kind, each)
        if (!byAddress.has(address)) byAddress.set(address, each)
      }
      return [...byAddress.values()]
    }),
    routes: {
      publications: all.flatMap(({ routes }) => routes.publications),
      subscriptions: all.flatMap(({ routes }) => routes.subscriptions),
    },
  }
}
