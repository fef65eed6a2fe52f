import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import type { Topology } from '../../model/topology.ts'
import type { UnknownPart } from '../../broker/snapshot/unknown.ts'
import type { UntouchableQueue } from '../../broker/live/live.ts'

/** The number of objects of a kind. */
export interface KindCount {
  readonly kind: CountedKind
  readonly count: number
  /**
   * The number of objects of each type, such as `quorum` or `topic`, or of each component; absent for kinds without
   * types.
   */
  readonly types?: Readonly<Record<string, number>>
}

export type CountedKind =
  | 'exchange'
  | 'queue'
  | 'connection-queue'
  | 'binding'
  | 'policy'
  | 'operator-policy'
  | 'parameter'
  | 'permission'
  | 'topic-permission'
  | 'user'
  | 'global-parameter'

/** The part of a broker that has to be readable to count objects of a kind. */
const PART: Readonly<Record<CountedKind, UnknownPart>> = {
  exchange: 'exchanges',
  queue: 'queues',
  'connection-queue': 'queues',
  binding: 'bindings',
  policy: 'policies',
  'operator-policy': 'operator-policies',
  parameter: 'parameters',
  permission: 'permissions',
  'topic-permission': 'topic-permissions',
  user: 'users',
  'global-parameter': 'global-parameters',
}

/**
 * Counts the objects of a vhost by kind and type, without the exchanges that every vhost has. Kinds that could not be
 * read are absent. Kinds without objects have the count 0.
 */
export function countsOfVhost(
  topology: Topology,
  untouchable: readonly UntouchableQueue[],
  unread: ReadonlySet<UnknownPart>,
): KindCount[] {
  const exchanges = topology.exchanges.filter(({ name }) => !isBuiltInExchange(name))
  return known(unread, [
    { kind: 'exchange', count: exchanges.length, types: tally(exchanges.map(({ type }) => type)) },
    {
      kind: 'queue',
      count: topology.queues.length,
      types: tally(topology.queues.map(({ type }) => type ?? 'classic')),
    },
    { kind: 'connection-queue', count: untouchable.length, types: tally(untouchable.map(({ reason }) => reason)) },
    { kind: 'binding', count: topology.bindings.length },
    { kind: 'policy', count: topology.policies.length },
    { kind: 'operator-policy', count: topology.operatorPolicies.length },
    {
      kind: 'parameter',
      count: topology.parameters.length,
      types: tally(topology.parameters.map(({ component }) => component)),
    },
    { kind: 'permission', count: topology.permissions.length },
    { kind: 'topic-permission', count: topology.topicPermissions.length },
  ])
}

/** Counts the objects that belong to the whole broker. */
export function countsOfBroker(topology: Topology, unread: ReadonlySet<UnknownPart>): KindCount[] {
  return known(unread, [
    { kind: 'user', count: topology.users.length },
    { kind: 'global-parameter', count: topology.globalParameters.length },
  ])
}

function known(unread: ReadonlySet<UnknownPart>, counts: readonly KindCount[]): KindCount[] {
  return counts.filter(({ kind }) => !unread.has(PART[kind]))
}

/** Sorted by name. A type may have any name, even `__proto__`. */
function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
