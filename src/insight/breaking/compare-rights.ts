import { addressOf } from '../../model/address.ts'
import type { Permission } from '../../model/topology.ts'
import { BrokerPattern } from '../../model/values/broker-pattern.ts'
import { type Comparison, slot } from './comparison.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/** The maximum number of comparisons of names with patterns. */
const MOST_MATCHES = 200_000
/** A name that the files probably do not declare. */
const OTHER_NAME = 'any.other-name'

const RIGHTS = ['configure', 'write', 'read'] as const

/** Finds removed users, and rights on declared objects that users lose. */
export function compareRights(comparison: Comparison): readonly BreakingFinding[] {
  if (comparison.lacks.has('users')) return []
  const { old, current } = comparison
  const users = new Set(current.topology.users.map(({ name }) => name))
  const removed = old.topology.users.filter(({ name }) => !users.has(name))
  const gone = new Set(removed.map(({ name }) => name))
  const after = new Map(current.topology.permissions.map((each) => [slot(each.vhost, each.user), each]))
  const names = declaredNames(comparison)
  const matcher = new PatternDifference()
  const permissions = old.topology.permissions.flatMap((before) => {
    if (gone.has(before.user)) return []
    const now = after.get(slot(before.vhost, before.user))
    return RIGHTS.flatMap((right) => compareRight(right, before, now, names.get(before.vhost) ?? [], matcher))
  })
  return [
    ...removed.map((each) =>
      breakingFinding('user-removed', 'breaking', addressOf('user', each), 'programs that log in as this user fail'),
    ),
    ...permissions,
    ...compareTopicRights(comparison, gone),
  ]
}

function compareRight(
  right: (typeof RIGHTS)[number],
  before: Permission,
  now: Permission | undefined,
  names: readonly string[],
  matcher: PatternDifference,
): readonly BreakingFinding[] {
  const [pattern, current] = [before[right], now?.[right] ?? '']
  if (pattern === current) return []
  const at = addressOf('permission', before)
  const more = { part: right, ...(now?.origin && { location: now.origin }) }
  const { lost, gained, other, undecided } = matcher.of(pattern, current, names)
  if (lost.length > 0) {
    const shown = lost
      .slice(0, 5)
      .map((each) => JSON.stringify(each))
      .join(', ')
    const rest = lost.length > 5 ? ` and ${lost.length - 5} more` : ''
    return [breakingFinding('rights-lost', 'breaking', at, `the user may no longer ${right} ${shown}${rest}`, more)]
  }
  if (undecided)
    return [breakingFinding('rights-undecided', 'risky', at, `the pattern of ${right} cannot be compared`, more)]
  if (other) {
    const reason = `the user may ${right} all declared objects as before, but fewer other names`
    return [breakingFinding('rights-narrowed', 'risky', at, reason, more)]
  }
  return gained ? [breakingFinding('rights-gained', 'safe', at, `the user may ${right} more than before`, more)] : []
}

/** A new or narrower topic permission refuses keys that were allowed. */
function compareTopicRights(comparison: Comparison, gone: ReadonlySet<string>): readonly BreakingFinding[] {
  const { old, current } = comparison
  const writable = new Map(old.topology.permissions.map(({ vhost, user, write }) => [slot(vhost, user), write]))
  const keys = publishedKeys(comparison)
  let left = MOST_MATCHES
  const key = (each: { vhost: string; user: string; exchange: string }) =>
    JSON.stringify([each.vhost, each.user, each.exchange])
  const before = new Map(old.topology.topicPermissions.map((each) => [key(each), each]))
  const after = new Set(current.topology.topicPermissions.map(key))
  const narrowed = current.topology.topicPermissions.flatMap((now) =>
    (['write', 'read'] as const).flatMap((right) => {
      const was = before.get(key(now))?.[right]
      if (was === now[right] || now[right] === '.*') return []
      const published = right === 'write' ? (keys.get(slot(now.vhost, now.exchange)) ?? []) : []
      const isWritable = matcherOf(writable.get(slot(now.vhost, now.user)) ?? '')(now.exchange) === true
      const lost = isWritable && (left -= published.length) >= 0 ? lostKeys(was, now.write, published) : []
      if (lost.length > 0) {
        const reason = `the user may no longer publish to exchange ${JSON.stringify(now.exchange)} with ${lost.map((each) => JSON.stringify(each)).join(', ')}`
        const at = addressOf('topic-permission', now)
        return [
          breakingFinding('rights-lost', 'breaking', at, reason, {
            part: right,
            ...(now.origin && { location: now.origin }),
          }),
        ]
      }
      const reason = `routing keys that the user may ${right} match ${JSON.stringify(now[right])} instead of ${was === undefined ? 'any' : JSON.stringify(was)}`
      const more = { part: right, ...(now.origin && { location: now.origin }) }
      return [breakingFinding('rights-narrowed', 'risky', addressOf('topic-permission', now), reason, more)]
    }),
  )
  const widened = old.topology.topicPermissions.filter((each) => !after.has(key(each)) && !gone.has(each.user))
  return [
    ...narrowed,
    ...widened.map((each) =>
      breakingFinding(
        'rights-gained',
        'safe',
        addressOf('topic-permission', each),
        'routing keys are no longer limited',
      ),
    ),
  ]
}

/** A word for the parameters of a publication, which may be any. */
const ANY_WORD = 'any-word'

/** The routing keys of the publications of the old version and of other projects, by exchange. */
function publishedKeys({ old, others }: Comparison): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, Set<string>>()
  for (const { publications } of [old.routes, ...others.map(({ routes }) => routes)]) {
    for (const { vhost, exchange, routingKey } of publications) {
      const key = slot(vhost, exchange)
      keys.set(key, (keys.get(key) ?? new Set()).add(routingKey.replaceAll(/\{[^{}]*\}/g, ANY_WORD)))
    }
  }
  return new Map([...keys].map(([key, all]) => [key, [...all]]))
}

/** The keys that a topic permission allowed before and no longer allows: at most five. */
function lostKeys(was: string | undefined, now: string, keys: readonly string[]): readonly string[] {
  const [before, after] = [was === undefined ? () => true : matcherOf(was), matcherOf(now)]
  return keys.filter((key) => before(key) === true && after(key) === false).slice(0, 5)
}

/** The names of objects that both versions have, by vhost. */
function declaredNames({ old, current }: Comparison): ReadonlyMap<string, readonly string[]> {
  const kept = new Set(
    [...current.topology.queues, ...current.topology.exchanges].map((each) => slot(each.vhost, each.name)),
  )
  const names = new Map<string, Set<string>>()
  for (const { vhost, name } of [...old.topology.queues, ...old.topology.exchanges]) {
    if (kept.has(slot(vhost, name))) names.set(vhost, (names.get(vhost) ?? new Set()).add(name))
  }
  return new Map([...names].map(([vhost, all]) => [vhost, [...all]]))
}

interface Difference {
  readonly lost: readonly string[]
  readonly gained: boolean
  /** Whether the user also loses rights on names that the files do not declare. */
  readonly other: boolean
  readonly undecided: boolean
}

/** Compares the names that two patterns match, each pair of patterns once, up to a limit. */
class PatternDifference {
  readonly #known = new Map<readonly string[], Map<string, Difference>>()
  #left = MOST_MATCHES

  of(before: string, after: string, names: readonly string[]): Difference {
    const known = this.#known.get(names) ?? new Map<string, Difference>()
    this.#known.set(names, known)
    const key = JSON.stringify([before, after])
    const difference = known.get(key) ?? this.#compare(before, after, names)
    known.set(key, difference)
    return difference
  }

  #compare(before: string, after: string, names: readonly string[]): Difference {
    const [old, current] = [matcherOf(before), matcherOf(after)]
    const lost: string[] = []
    let [gained, undecided] = [false, false]
    if ((this.#left -= names.length) < 0) return { lost, gained, other: false, undecided: true }
    for (const name of names) {
      const [was, is] = [old(name), current(name)]
      if (was === undefined || is === undefined) undecided = true
      else if (was && !is) lost.push(name)
      else gained ||= !was && is
    }
    gained ||= current(OTHER_NAME) === true && old(OTHER_NAME) === false
    return { lost, gained, other: old(OTHER_NAME) === true && current(OTHER_NAME) === false, undecided }
  }
}

/** The empty pattern matches no name of an object. */
function matcherOf(pattern: string): (name: string) => boolean | undefined {
  if (pattern === '') return () => false
  const compiled = new BrokerPattern(pattern)
  return (name) => compiled.matches(name)
}
