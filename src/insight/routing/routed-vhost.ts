import type { Routes } from '../../model/routes.ts'
import type { Topology } from '../../model/topology.ts'
import { VhostModel } from './vhost-model.ts'

/** One virtual host with its routes and the rules of routing in it. */
export interface RoutedVhost {
  readonly name: string
  /** Its objects, with all users. */
  readonly topology: Topology
  readonly routes: Routes
  readonly model: VhostModel
  /** False where users and their rights could not be read. */
  readonly usersKnown: boolean
}

/**
 * Divides a topology into its virtual hosts.
 *
 * @param version of the broker whose rules hold, such as `4.3.6`
 */
export function routedVhosts(
  topology: Topology,
  routes: Routes,
  { version, usersKnown }: { readonly version: string; readonly usersKnown: boolean },
): readonly RoutedVhost[] {
  const parts = {
    exchanges: byVhost(topology.exchanges),
    queues: byVhost(topology.queues),
    bindings: byVhost(topology.bindings),
    permissions: byVhost(topology.permissions),
    topicPermissions: byVhost(topology.topicPermissions),
    policies: byVhost(topology.policies),
    operatorPolicies: byVhost(topology.operatorPolicies),
    parameters: byVhost(topology.parameters),
  }
  const [publications, subscriptions] = [byVhost(routes.publications), byVhost(routes.subscriptions)]
  return topology.vhosts.map((vhost): RoutedVhost => {
    const { name } = vhost
    const own: Topology = {
      vhosts: [vhost],
      users: topology.users,
      globalParameters: [],
      exchanges: parts.exchanges.get(name) ?? [],
      queues: parts.queues.get(name) ?? [],
      bindings: parts.bindings.get(name) ?? [],
      permissions: parts.permissions.get(name) ?? [],
      topicPermissions: parts.topicPermissions.get(name) ?? [],
      policies: parts.policies.get(name) ?? [],
      operatorPolicies: parts.operatorPolicies.get(name) ?? [],
      parameters: parts.parameters.get(name) ?? [],
    }
    return {
      name,
      topology: own,
      routes: { publications: publications.get(name) ?? [], subscriptions: subscriptions.get(name) ?? [] },
      model: new VhostModel(own, version),
      usersKnown,
    }
  })
}

function byVhost<T extends { readonly vhost: string }>(objects: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const each of objects) {
    const group = groups.get(each.vhost)
    if (group === undefined) groups.set(each.vhost, [each])
    else group.push(each)
  }
  return groups
}
