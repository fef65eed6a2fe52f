import { addressOf, kindOf } from '../model/address.ts'
import { type Kind, type ObjectOf, objectsOf, type Topology } from '../model/topology.ts'
import type { Subject } from './steps/subject.ts'

/** A topology without the objects at these addresses. */
export function without(topology: Topology, addresses: ReadonlySet<string>): Topology {
  const { vhosts, exchanges, queues, bindings, users, permissions, policies, parameters } = topology
  const { topicPermissions, operatorPolicies, globalParameters } = topology
  const left = <K extends Kind>(kind: K, objects: readonly ObjectOf[K][]) =>
    objects.filter((object) => !addresses.has(addressOf(kind, object)))
  return {
    vhosts: left('vhost', vhosts),
    exchanges: left('exchange', exchanges),
    queues: left('queue', queues),
    bindings: left('binding', bindings),
    users: left('user', users),
    permissions: left('permission', permissions),
    topicPermissions: left('topic-permission', topicPermissions),
    policies: left('policy', policies),
    operatorPolicies: left('operator-policy', operatorPolicies),
    parameters: left('parameter', parameters),
    globalParameters: left('global-parameter', globalParameters),
  }
}

/** Finds objects of a topology by address. Each kind is indexed on first use. */
export class TopologyIndex {
  readonly #topology: Topology
  readonly #byKind = new Map<Kind, ReadonlyMap<string, ObjectOf[Kind]>>()

  constructor(topology: Topology) {
    this.#topology = topology
  }

  get<K extends Kind>(kind: K, address: string): ObjectOf[K] | undefined {
    return this.#indexOf(kind).get(address)
  }

  has(kind: Kind, address: string): boolean {
    return this.#indexOf(kind).has(address)
  }

  /** Finds an object by its address, which contains the kind. */
  find(address: string): Subject | undefined {
    const kind = kindOf(address)
    const object = kind && this.get(kind, address)
    return object === undefined ? undefined : ({ kind, object } as Subject)
  }

  #indexOf<K extends Kind>(kind: K): ReadonlyMap<string, ObjectOf[K]> {
    const known = this.#byKind.get(kind)
    if (known) return known as ReadonlyMap<string, ObjectOf[K]>
    const index = new Map(objectsOf(kind, this.#topology).map((object) => [addressOf(kind, object), object]))
    this.#byKind.set(kind, index)
    return index
  }
}
