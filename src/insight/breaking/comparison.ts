import { escapeName } from '../../model/address.ts'
import type { Publication, Subscription } from '../../model/routes.ts'
import type { Binding, Exchange, Policy, Queue } from '../../model/topology.ts'
import { VhostModel } from '../routing/vhost-model.ts'
import type { NotContained, OtherProject, OtherTopology, TopologyVersion } from './version.ts'

/** Two versions of a topology, and the projects that use it. */
export interface Versions {
  readonly old: TopologyVersion
  readonly current: TopologyVersion
  /** Default: none. */
  readonly others?: readonly OtherProject[]
  /** The version of the broker, such as `4.3.6`. */
  readonly brokerVersion: string
}

/** A route of a project. `project` is absent for a route of the compared project itself. */
export interface UsedRoute<R> {
  readonly project?: string
  readonly route: R
}

/** Indexes both versions, so that objects are looked up by key. */
export class Comparison {
  readonly old: TopologyVersion
  readonly current: TopologyVersion
  readonly others: readonly OtherProject[]
  /** The parts that at least one of the versions does not contain. */
  readonly lacks: ReadonlySet<NotContained>
  /** The renamed queues, by their vhost and old name. */
  readonly renamedQueues: ReadonlyMap<string, Queue>
  readonly renamedExchanges: ReadonlyMap<string, Exchange>
  readonly #brokerVersion: string
  readonly #models = { old: new Map<string, VhostModel>(), current: new Map<string, VhostModel>() }
  readonly #objects: Readonly<Record<'old' | 'current', ReadonlyMap<string, VhostObjects>>>

  constructor({ old, current, others = [], brokerVersion }: Versions) {
    this.old = old
    this.current = current
    this.others = others
    this.lacks = new Set([...(old.lacks ?? []), ...(current.lacks ?? [])])
    this.#brokerVersion = brokerVersion
    this.renamedQueues = byOldName(current.topology.queues)
    this.renamedExchanges = byOldName(current.topology.exchanges)
    this.#objects = { old: this.#byVhost('old'), current: this.#byVhost('current') }
  }

  /** The routing of a vhost in one version, with the objects of other projects. */
  model(version: 'old' | 'current', vhost: string): VhostModel {
    const known = this.#models[version].get(vhost)
    if (known !== undefined) return known
    const model = new VhostModel(this.#objects[version].get(vhost) ?? emptyVhost(), this.#brokerVersion)
    this.#models[version].set(vhost, model)
    return model
  }

  /** The name that a queue of the old version has in the new one. */
  currentName(vhost: string, queue: string): string {
    return this.renamedQueues.get(slot(vhost, queue))?.name ?? queue
  }

  /** The objects that other projects declare in a version. */
  othersIn(version: 'old' | 'current'): readonly OtherTopology[] {
    return this.others.map(({ topology, currentTopology = topology }) =>
      version === 'old' ? topology : currentTopology,
    )
  }

  #byVhost(version: 'old' | 'current'): ReadonlyMap<string, VhostObjects> {
    const { topology } = this[version]
    const others = this.othersIn(version)
    const vhosts = new Map<string, VhostObjects>()
    const of = (vhost: string) => {
      const known = vhosts.get(vhost) ?? emptyVhost()
      vhosts.set(vhost, known)
      return known
    }
    // An object that another project declares is more than an external reference.
    const declaredElsewhere = <O extends Queue | Exchange>(objects: (each: OtherTopology) => readonly O[]) =>
      others.flatMap(objects).filter(({ external }) => external !== true)
    const add = <O extends Queue | Exchange>(own: readonly O[], foreign: readonly O[], put: (each: O) => void) => {
      const all = new Map(own.map((each) => [slot(each.vhost, each.name), each]))
      for (const each of foreign) {
        if (all.get(slot(each.vhost, each.name))?.external !== false) all.set(slot(each.vhost, each.name), each)
      }
      for (const each of all.values()) put(each)
    }
    add(
      topology.exchanges,
      declaredElsewhere((each) => each.exchanges),
      (each) => of(each.vhost).exchanges.push(each),
    )
    add(
      topology.queues,
      declaredElsewhere((each) => each.queues),
      (each) => of(each.vhost).queues.push(each),
    )
    const bindings = [topology.bindings, ...others.map((each) => each.bindings)].flat()
    for (const each of bindings) of(each.vhost).bindings.push(each)
    if (!this.lacks.has('policies')) {
      for (const each of topology.policies) of(each.vhost).policies.push(each)
      for (const each of topology.operatorPolicies) of(each.vhost).operatorPolicies.push(each)
    }
    return vhosts
  }
}

interface VhostObjects {
  readonly exchanges: Exchange[]
  readonly queues: Queue[]
  readonly bindings: Binding[]
  readonly policies: Policy[]
  readonly operatorPolicies: Policy[]
}

function emptyVhost(): VhostObjects {
  return { exchanges: [], queues: [], bindings: [], policies: [], operatorPolicies: [] }
}

function byOldName<O extends Queue | Exchange>(objects: readonly O[]): ReadonlyMap<string, O> {
  return new Map(
    objects.flatMap((each) => (each.renamedFrom === undefined ? [] : [[slot(each.vhost, each.renamedFrom), each]])),
  )
}

/** A key for something in a vhost. */
export function slot(vhost: string, name: string): string {
  return JSON.stringify([vhost, name])
}

/** The address of a route, such as `publication:orders/invoice-paid`. */
export function routeAddress(
  kind: 'publication' | 'request' | 'subscription',
  { vhost, name }: Pick<Publication | Subscription, 'vhost' | 'name'>,
): string {
  return `${kind}:${escapeName(vhost)}/${escapeName(name)}`
}
