import type { Routes } from '../../model/routes.ts'
import type { Topology } from '../../model/topology.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import { VhostModel } from './vhost-model.ts'

/** One virtual host with its routes and its routing rules. */
export interface RoutedVhost {
  readonly name: string
  /** Its objects, with all users. */
  readonly topology: Topology
  readonly routes: Routes
  readonly model: VhostModel
  /** False if users and their rights could not be read. */
  readonly usersKnown: boolean
}

/** The objects and routes of one virtual host, with all users and global parameters. */
export type VhostPart = Pick<RoutedVhost, 'name' | 'topology' | 'routes'>

/** Divides a topology and its routes into virtual hosts. */
export function vhostParts(topology: Topology, routes: Routes): readonly VhostPart[] {
  const exchanges = byVhost(topology.exchanges)
  const queues = byVhost(topology.queues)
  const bindings = byVhost(topology.bindings)
  const permissions = byVhost(topology.permissions)
  const topicPermissions = byVhost(topology.topicPermissions)
  const policies = byVhost(topology.policies)
  const operatorPolicies = byVhost(topology.operatorPolicies)
  const parameters = byVhost(topology.parameters)
  const publications = byVhost(routes.publications)
  const subscriptions = byVhost(routes.subscriptions)
  return topology.vhosts.map((vhost) => {
    const { name } = vhost
    return {
      name,
      topology: {
        vhosts: [vhost],
        users: topology.users,
        globalParameters: topology.globalParameters,
        exchanges: exchanges.get(name) ?? [],
        queues: queues.get(name) ?? [],
        bindings: bindings.get(name) ?? [],
        permissions: permissions.get(name) ?? [],
        topicPermissions: topicPermissions.get(name) ?? [],
        policies: policies.get(name) ?? [],
        operatorPolicies: operatorPolicies.get(name) ?? [],
        parameters: parameters.get(name) ?? [],
      },
      routes: { publications: publications.get(name) ?? [], subscriptions: subscriptions.get(name) ?? [] },
    }
  })
}

/**
 * Divides a topology into its virtual hosts.
 *
 * @param version the version of the broker whose rules apply, such as `4.3.6`
 */
export function routedVhosts(
  topology: Topology,
  routes: Routes,
  { version, usersKnown }: { readonly version: string; readonly usersKnown: boolean },
): readonly RoutedVhost[] {
  return vhostParts(topology, routes).map((part) => ({
    ...part,
    model: new VhostModel(part.topology, version),
    usersKnown,
  }))
}

function byVhost<T extends { readonly vhost: string }>(objects: readonly T[]): ReadonlyMap<string, readonly T[]> {
  return groupByKey(objects, ({ vhost }) => vhost)
}
