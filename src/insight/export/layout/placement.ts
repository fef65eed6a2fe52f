import { address, addressOf } from '../../../model/address.ts'
import { isBuiltInExchange } from '../../../model/built-in-exchange.ts'
import { failedExchangeName } from '../../../model/generated-names.ts'
import { PolicyIndex } from '../../../model/policies/policy-index.ts'
import type { Binding, Exchange, Policy, Topology } from '../../../model/topology.ts'
import { groupByPrefix } from '../../groups/group-by-prefix.ts'
import { prefixOf } from '../../groups/name-prefix.ts'
import { deadLetterSources } from './dead-letter-sources.ts'
import type { SplitRule } from '../export-input.ts'
import { textArgument, VhostLookup } from '../topology-lookup.ts'

/** Objects that several groups use, policies that match several groups, and settings of the whole virtual host. */
export const SHARED = '_shared'
/** Users and their rights. */
export const ACCESS = '_access'
/** Shovels, federation, and parameters of other plugins. */
export const LINKS = '_links'
/** Objects that belong to no group. */
export const REST = '_rest'

/** The group of each exchange, queue, binding, policy and parameter of a virtual host, by address. */
export type Placement = ReadonlyMap<string, string>

/**
 * Places the objects of one virtual host. Groups come from rules, or from common prefixes of queue names. A binding
 * belongs to the group of its destination and a dead-letter queue to that of its source. Objects that several groups
 * use are shared.
 */
export function placeObjects(vhost: string, topology: Topology, rules: readonly SplitRule[] | undefined): Placement {
  const lookup = new VhostLookup(vhost, topology)
  const placed = new Map<string, string>()
  const queues = placeQueues(lookup, rules)
  for (const [name, group] of queues) placed.set(address('queue', vhost, name), group)
  const exchanges = placeExchanges(lookup, queues, rules)
  for (const [name, group] of exchanges) placed.set(address('exchange', vhost, name), group)
  const ofEnd = ({ destinationType, destination, source }: Binding): string =>
    (destinationType === 'queue' ? queues : exchanges).get(destination) ?? exchanges.get(source) ?? SHARED
  for (const each of lookup.bindings) placed.set(addressOf('binding', each), ofEnd(each))
  const targets = [
    ...Array.from(lookup.queues.values(), (each) => ({
      target: { kind: 'queue' as const, ...each },
      group: queues.get(each.name),
    })),
    ...Array.from(lookup.exchanges.values(), (each) => ({
      target: { kind: 'exchange' as const, vhost, name: each.name },
      group: exchanges.get(each.name),
    })),
  ]
  placePolicies(topology.policies, targets, placed)
  for (const each of topology.operatorPolicies) placed.set(addressOf('operator-policy', each), SHARED)
  for (const each of topology.parameters) placed.set(addressOf('parameter', each), LINKS)
  return placed
}

type Target = Parameters<PolicyIndex<Policy>['matching']>[0]

/** A policy belongs to a group if it matches no other one. */
function placePolicies(
  policies: readonly Policy[],
  targets: readonly { readonly target: Target; readonly group: string | undefined }[],
  placed: Map<string, string>,
): void {
  const groups = new Map(policies.map((each) => [each, new Set<string>()]))
  const index = new PolicyIndex(policies, (policy) => policy)
  for (const { target, group } of targets) {
    if (group === undefined) continue
    for (const { item, certain } of index.matching(target)) groups.get(item)?.add(certain ? group : SHARED)
  }
  for (const [policy, each] of groups) placed.set(addressOf('policy', policy), onlyOne(each) ?? SHARED)
}

function placeQueues(lookup: VhostLookup, rules: readonly SplitRule[] | undefined): ReadonlyMap<string, string> {
  const byName = rules ? undefined : groupsOf(lookup)
  const groupOfName = (name: string): string | undefined => (rules ? ruleFor(rules, name) : byName?.get(name))
  const sources = deadLetterSources(lookup)
  const found = new Map<string, string>()
  const pending = new Set<string>()
  const place = (name: string): string => {
    const known = found.get(name)
    if (known !== undefined) return known
    // Queues whose dead letters form a cycle are placed by their own names.
    const isCircle = pending.has(name)
    pending.add(name)
    const group = isCircle ? groupOfName(name) : (followed(name) ?? groupOfName(name))
    if (!isCircle) found.set(name, group ?? REST)
    return group ?? REST
  }
  const followed = (name: string): string | undefined => {
    if (rules && ruleFor(rules, name) !== undefined) return undefined
    const family = familyOf(name, lookup)
    if (family !== undefined) return place(family)
    const all = sources.get(name)
    return all && (onlyOne(new Set(all.map(place))) ?? SHARED)
  }
  for (const name of lookup.queues.keys()) place(name)
  return found
}

/** The queue whose failed messages this queue holds, if warren created it for that queue. */
function familyOf(name: string, lookup: VhostLookup): string | undefined {
  const bindings = lookup.to('queue', name)
  const source = bindings[0]?.source ?? ''
  if (!source.endsWith('.failed') || bindings.some((each) => each.source !== source)) return undefined
  const queue = source.slice(0, -'.failed'.length)
  return queue !== name && lookup.queues.has(queue) && failedExchangeName(queue) === source ? queue : undefined
}

function groupsOf(lookup: VhostLookup): ReadonlyMap<string, string> {
  const { groups } = groupByPrefix(lookup.queues.keys())
  return new Map(groups.flatMap(({ name, queues }) => queues.map((queue) => [queue, name] as const)))
}

function ruleFor(rules: readonly SplitRule[], name: string): string | undefined {
  return rules.find(({ pattern }) => pattern.test(name))?.project
}

/** An exchange belongs to a group if only this group uses it, for a binding or for dead letters. */
function placeExchanges(
  lookup: VhostLookup,
  queues: ReadonlyMap<string, string>,
  rules: readonly SplitRule[] | undefined,
): ReadonlyMap<string, string> {
  const users = usersOf(lookup, queues)
  const groups = new Set(queues.values())
  const found = new Map<string, string>()
  for (const { name } of lookup.exchanges.values()) {
    if (isBuiltInExchange(name)) continue
    const ruled = rules && ruleFor(rules, name)
    const family = name.endsWith('.failed') ? queues.get(name.slice(0, -'.failed'.length)) : undefined
    const used = users.get(name) ?? new Set<string>()
    found.set(
      name,
      ruled ?? family ?? (used.size === 0 ? byPrefix(name, groups, rules !== undefined) : (onlyOne(used) ?? SHARED)),
    )
  }
  return found
}

/** The group that is named like an unused exchange, or like its prefix. */
function byPrefix(name: string, groups: ReadonlySet<string>, isRuled: boolean): string {
  if (isRuled) return REST
  let found: string | undefined
  for (let prefix = prefixOf(name); prefix !== undefined; prefix = prefixOf(name, prefix)) {
    if (groups.has(prefix)) found = prefix
  }
  return found ?? REST
}

/** The groups that use each exchange: the groups of its destinations, and of queues that dead-letter to it. */
function usersOf(lookup: VhostLookup, queues: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>()
  const add = (exchange: string, groups: Iterable<string>): boolean => {
    const known = users.get(exchange) ?? new Set<string>()
    const before = known.size
    for (const each of groups) known.add(each)
    users.set(exchange, known)
    return known.size > before
  }
  for (const each of lookup.bindings) {
    const group = each.destinationType === 'queue' ? queues.get(each.destination) : undefined
    if (group !== undefined) add(each.source, [group])
  }
  for (const queue of lookup.queues.values()) {
    const exchange = textArgument(queue, 'x-dead-letter-exchange')
    const group = queues.get(queue.name)
    if (exchange !== undefined && group !== undefined) add(exchange, [group])
  }
  passOn(lookup, users, add)
  return users
}

/**
 * A group that uses an exchange also uses the exchanges bound to it, and the alternate exchanges for its unroutable
 * messages.
 */
function passOn(
  lookup: VhostLookup,
  users: ReadonlyMap<string, ReadonlySet<string>>,
  add: (exchange: string, groups: Iterable<string>) => boolean,
): void {
  const links = [
    ...lookup.bindings
      .filter(({ destinationType }) => destinationType === 'exchange')
      .map(({ source, destination }) => ({ from: destination, to: source })),
    ...Array.from(lookup.exchanges.values()).flatMap((each: Exchange) => {
      const alternate = textArgument(each, 'alternate-exchange')
      return alternate === undefined ? [] : [{ from: each.name, to: alternate }]
    }),
  ]
  const following = new Map<string, string[]>()
  for (const { from, to } of links) following.set(from, [...(following.get(from) ?? []), to])
  const open = [...users.keys()]
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    for (const to of following.get(each) ?? []) if (add(to, users.get(each) ?? [])) open.push(to)
  }
}

function onlyOne(groups: ReadonlySet<string>): string | undefined {
  return groups.size === 1 ? [...groups][0] : undefined
}
