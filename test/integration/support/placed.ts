import type { Topology } from '../../../src/model/topology.ts'

/** Moves a topology of the vhost `/` into another vhost, with its own users and global parameters. */
export function placed(any: Topology, vhost: string, prefix: string, parameterPrefix: string): Topology {
  const here = <T extends { readonly vhost: string }>(objects: readonly T[]): T[] =>
    objects.map((each) => ({ ...each, vhost }))
  const named = <T extends { readonly name: string }>(start: string, objects: readonly T[]): T[] =>
    objects.map((each) => ({ ...each, name: start + each.name }))
  const ownUser = <T extends { readonly user: string }>(objects: readonly T[]): T[] =>
    objects.map((each) => ({ ...each, user: prefix + each.user }))
  return {
    vhosts: any.vhosts.map((each) => ({ ...each, name: vhost })),
    exchanges: here(any.exchanges),
    queues: here(any.queues),
    bindings: here(any.bindings),
    users: named(prefix, any.users),
    permissions: ownUser(here(any.permissions)),
    topicPermissions: ownUser(here(any.topicPermissions)),
    policies: here(any.policies),
    operatorPolicies: here(any.operatorPolicies),
    parameters: here(any.parameters),
    globalParameters: named(parameterPrefix, any.globalParameters),
  }
}

/**
 * The second of two topologies, changed so that the first one can become it: properties that a broker cannot change
 * in place are taken from the first.
 *
 * @param fixedQueueType whether the broker keeps the default queue type with which a vhost was created
 */
export function reachable(first: Topology, second: Topology, fixedQueueType: boolean): Topology {
  const kept = <T extends { readonly name: string }>(from: readonly T[], to: readonly T[]): T[] =>
    to.map((each) => from.find(({ name }) => name === each.name) ?? each)
  return {
    ...second,
    vhosts: second.vhosts.map((vhost) => {
      const { defaultQueueType, ...rest } = vhost
      const before = first.vhosts.find(({ name }) => name === vhost.name)?.defaultQueueType
      const after = fixedQueueType ? before : defaultQueueType
      return { ...rest, ...(after !== undefined && { defaultQueueType: after }) }
    }),
    exchanges: kept(first.exchanges, second.exchanges),
    queues: kept(first.queues, second.queues),
  }
}
