import type { Publication, Subscription } from '../../model/routes.ts'
import type { Declared, User } from '../../model/topology.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import type { RoutedTopology } from './topology-page.ts'

/** The parts of virtual hosts that the model of routing needs, without secret or long values. */
export function routedTopology(vhosts: readonly RoutedVhost[], version: string): RoutedTopology {
  const all = <T>(listOf: (vhost: RoutedVhost) => readonly T[]) => vhosts.flatMap(listOf)
  const declared = <T extends Declared>(listOf: (vhost: RoutedVhost) => readonly T[]) => all(listOf).map(withoutPlaces)
  return {
    topology: {
      vhosts: declared(({ topology }) => topology.vhosts),
      exchanges: declared(({ topology }) => topology.exchanges),
      queues: declared(({ topology }) => topology.queues),
      bindings: declared(({ topology }) => topology.bindings),
      // Each virtual host lists the users of the whole broker.
      users: (vhosts[0]?.topology.users ?? []).map(withoutCredential),
      permissions: declared(({ topology }) => topology.permissions),
      topicPermissions: declared(({ topology }) => topology.topicPermissions),
      policies: declared(({ topology }) => topology.policies),
      operatorPolicies: declared(({ topology }) => topology.operatorPolicies),
      parameters: [],
      globalParameters: [],
    },
    routes: {
      publications: all(({ routes }) => routes.publications).map(withoutMessage),
      subscriptions: all(({ routes }) => routes.subscriptions).map(withoutMessage),
    },
    version,
    usersKnown: vhosts.every(({ usersKnown }) => usersKnown),
  }
}

function withoutPlaces<T extends Declared>(object: T): T {
  const { origin: _, references: __, ...rest } = object
  return rest as T
}

function withoutCredential({ name, tags }: User): User {
  return { name, ...(tags && { tags }) }
}

function withoutMessage<T extends Publication | Subscription>(route: T): T {
  const { message: _, origin: __, ...rest } = route
  return rest as T
}
