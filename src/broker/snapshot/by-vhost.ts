import type { Topology } from '../../model/topology.ts'

/** The kinds of objects that belong to one vhost each. */
const IN_A_VHOST = [
  'exchanges',
  'queues',
  'bindings',
  'permissions',
  'topicPermissions',
  'policies',
  'operatorPolicies',
  'parameters',
] as const

type InVhosts = Pick<Topology, (typeof IN_A_VHOST)[number]>

/** The part of a topology in some vhosts, with users and global parameters. */
export function inVhosts(topology: Topology, vhosts: ReadonlySet<string>): Topology {
  const objects = IN_A_VHOST.map((kind) => [kind, topology[kind].filter(({ vhost }) => vhosts.has(vhost))] as const)
  return {
    ...topology,
    vhosts: topology.vhosts.filter(({ name }) => vhosts.has(name)),
    ...(Object.fromEntries(objects) as unknown as InVhosts),
  }
}

/** Each of some vhosts with its objects, without users and global parameters. */
export function byVhost(topology: Topology, vhosts: readonly string[]): ReadonlyMap<string, Topology> {
  const groups = IN_A_VHOST.map((kind) => [kind, groupedByVhost<{ readonly vhost: string }>(topology[kind])] as const)
  return new Map(
    vhosts.map((name) => {
      const objects = Object.fromEntries(groups.map(([kind, group]) => [kind, group.get(name) ?? []]))
      const vhost = topology.vhosts.filter((each) => each.name === name)
      return [name, { vhosts: vhost, users: [], globalParameters: [], ...(objects as unknown as InVhosts) }]
    }),
  )
}

function groupedByVhost<T extends { readonly vhost: string }>(objects: readonly T[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of objects) {
    const group = groups.get(each.vhost)
    if (group) group.push(each)
    else groups.set(each.vhost, [each])
  }
  return groups
}
