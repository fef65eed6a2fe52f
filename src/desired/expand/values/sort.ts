import { canonicalJson } from '../../../model/address.ts'
import type { DeadLetterRoute } from '../../../model/routing/dead-letter-route.ts'
import type { Routes } from '../../../model/routes.ts'
import type { Binding, Topology } from '../../../model/topology.ts'

/** Compares texts by their code units, which is the same in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Sorts and removes duplicates. */
export function sortedSet(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted(compareText)
}

/** Sorts the objects of a topology, so that their order does not depend on that of the files. */
export function sortTopology(topology: Topology): Topology {
  return {
    vhosts: sortBy(topology.vhosts, ({ name }) => [name]),
    exchanges: sortBy(topology.exchanges, ({ vhost, name }) => [vhost, name]),
    queues: sortBy(topology.queues, ({ vhost, name }) => [vhost, name]),
    bindings: sortBy(topology.bindings, bindingKeys),
    users: sortBy(topology.users, ({ name }) => [name]),
    permissions: sortBy(topology.permissions, ({ vhost, user }) => [vhost, user]),
    topicPermissions: sortBy(topology.topicPermissions, ({ vhost, user, exchange }) => [vhost, user, exchange]),
    policies: sortBy(topology.policies, ({ vhost, name }) => [vhost, name]),
    operatorPolicies: sortBy(topology.operatorPolicies, ({ vhost, name }) => [vhost, name]),
    parameters: sortBy(topology.parameters, ({ vhost, component, name }) => [vhost, component, name]),
    globalParameters: sortBy(topology.globalParameters, ({ name }) => [name]),
  }
}

/** Sorts routes, so that their order does not depend on that of the files. */
export function sortRoutes({ publications, subscriptions }: Routes): Routes {
  return {
    publications: sortBy(publications, ({ vhost, name }) => [vhost, name]),
    subscriptions: sortBy(subscriptions, ({ vhost, name }) => [vhost, name]),
  }
}

/** Sorts dead-letter routes by their queues. */
export function sortDeadLetters(deadLetters: readonly DeadLetterRoute[]): DeadLetterRoute[] {
  return sortBy(deadLetters, ({ vhost, deadLetterQueue, queue }) => [vhost, deadLetterQueue, queue])
}

function bindingKeys(binding: Binding): string[] {
  const { vhost, source, destinationType, destination, routingKey } = binding
  return [vhost, source, destinationType, destination, routingKey, canonicalJson(binding.arguments)]
}

function sortBy<T>(objects: readonly T[], keysOf: (object: T) => readonly string[]): T[] {
  return objects
    .map((object) => ({ object, keys: keysOf(object) }))
    .toSorted((a, b) => compareKeys(a.keys, b.keys))
    .map(({ object }) => object)
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareText(a[index] ?? '', b[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}
