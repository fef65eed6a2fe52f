import { canonicalJson } from '../../model/address.ts'
import type { Arguments } from '../../model/arguments.ts'
import { isSameAge } from '../../model/values/stream-age.ts'
import type {
  Exchange,
  Kind,
  ObjectOf,
  Permission,
  Policy,
  Queue,
  TopicPermission,
  User,
  VirtualHost,
} from '../../model/topology.ts'
import type { Comparison } from './comparison.ts'
import { compareCredential } from './compare-credential.ts'
import { compareParameterValues } from './compare-parameter.ts'
import type { Difference } from '../change.ts'

type Compare<K extends Kind> = (live: ObjectOf[K], desired: ObjectOf[K]) => Comparison

/** Compares two objects of one kind. A property that is undefined on the desired side is not compared. */
export function compare<K extends Kind>(kind: K, live: ObjectOf[K], desired: ObjectOf[K]): Comparison {
  return COMPARISONS[kind](live, desired)
}

const COMPARISONS: { readonly [K in Kind]: Compare<K> } = {
  vhost: (live, desired) => known(compareVhosts(live, desired)),
  user: compareUsers,
  permission: (live, desired) => known(comparePermissions(live, desired)),
  exchange: (live, desired) => known(compareExchanges(live, desired)),
  'topic-permission': (live, desired) => known(compareTopicPermissions(live, desired)),
  policy: (live, desired) => known(comparePolicies(live, desired)),
  'operator-policy': (live, desired) => known(comparePolicies(live, desired)),
  queue: (live, desired) => known(compareQueues(live, desired)),
  // A binding is identified by its ends, its key and its arguments, so a difference in any of them makes another
  // binding.
  binding: () => known([]),
  parameter: (live, desired) => known(compareParameterValues(live.value, desired.value, desired.component)),
  'global-parameter': (live, desired) => known(compareParameterValues(live.value, desired.value)),
}

function known(differences: readonly Difference[]): Comparison {
  return { differences, unknowns: [] }
}

function compareVhosts(live: VirtualHost, desired: VirtualHost): Difference[] {
  if (!desired.claimed) return []
  return [
    ...property('description', live.description, desired.description),
    ...property('tags', live.tags, desired.tags),
    ...property('defaultQueueType', live.defaultQueueType, desired.defaultQueueType),
    ...limits(live.limits, desired.limits, ['maxConnections', 'maxQueues']),
    // If the broker cannot protect a vhost, there is nothing to compare.
    ...(live.protect === undefined ? [] : property('protect', live.protect, desired.protect)),
  ]
}

function compareUsers(live: User, desired: User): Comparison {
  const credential = compareCredential(live.credential, desired.credential)
  return {
    differences: [
      ...credential.differences,
      ...property('tags', live.tags, desired.tags),
      ...limits(live.limits, desired.limits, ['maxConnections', 'maxChannels']),
    ],
    unknowns: credential.unknowns,
  }
}

function comparePermissions(live: Permission, desired: Permission): Difference[] {
  return (['configure', 'write', 'read'] as const).flatMap((each) => property(each, live[each], desired[each]))
}

function compareTopicPermissions(live: TopicPermission, desired: TopicPermission): Difference[] {
  return (['write', 'read'] as const).flatMap((each) => property(each, live[each], desired[each]))
}

function compareExchanges(live: Exchange, desired: Exchange): Difference[] {
  return [
    ...(['type', 'durable', 'autoDelete', 'internal'] as const).flatMap((each) =>
      property(each, live[each], desired[each]),
    ),
    ...compareTables('arguments', live.arguments, desired.arguments),
  ]
}

function compareQueues(live: Queue, desired: Queue): Difference[] {
  return [
    ...(['type', 'durable', 'autoDelete'] as const).flatMap((each) => property(each, live[each], desired[each])),
    ...compareTables('arguments', live.arguments, desired.arguments),
  ]
}

function comparePolicies(live: Policy, desired: Policy): Difference[] {
  return [
    ...(['pattern', 'applyTo', 'priority'] as const).flatMap((each) => property(each, live[each], desired[each])),
    ...compareTables('definition', live.definition, desired.definition),
  ]
}

/**
 * The broker compares arguments by class and value (rabbit_misc:assert_args_equivalence): an integer of any width
 * equals itself, a string never equals a number, and the order of keys does not matter.
 */
function compareTables(table: string, live: Arguments, desired: Arguments): Difference[] {
  const names = [...new Set([...Object.keys(live), ...Object.keys(desired)])].toSorted()
  return names.flatMap((name) => {
    const [before, after] = [own(live, name), own(desired, name)]
    return same(before, after) || isSameAge(name, before, after) ? [] : [difference(`${table}.${name}`, before, after)]
  })
}

function own(table: Arguments, name: string): unknown {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

function limits<T extends object>(
  live: T | undefined,
  desired: T | undefined,
  names: readonly (keyof T & string)[],
): Difference[] {
  if (desired === undefined) return []
  return names.flatMap((name) =>
    same(live?.[name], desired[name]) ? [] : [difference(`limits.${name}`, live?.[name], desired[name])],
  )
}

function property(name: string, before: unknown, after: unknown): Difference[] {
  return after === undefined || same(before, after) ? [] : [difference(name, before, after)]
}

function difference(name: string, before: unknown, after: unknown): Difference {
  return { property: name, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === undefined || b === undefined || typeof a !== 'object' || typeof b !== 'object') return false
  return canonicalJson(a) === canonicalJson(b)
}
