import { prefixOf } from './name-prefix.ts'

/** A name, and how many queues stand behind it. */
interface Counted {
  readonly name: string
  /** Derived queues, such as those of a retry ladder, follow the queue that they serve. */
  readonly followers: readonly string[]
}

/** Queues whose names begin with the same part. */
export interface Group {
  /** What the names begin with, such as `billing`. */
  readonly name: string
  /** The names of its queues, sorted. */
  readonly queues: readonly string[]
}

/** The queues of a virtual host in groups. */
export interface Grouping {
  /** Sorted by name. */
  readonly groups: readonly Group[]
  /** The names of queues without a group, sorted. */
  readonly rest: readonly string[]
}

/** A prefix that fewer queues share is no group. */
const FEWEST = 3
/** A group of more queues is split by the next part of their names. */
const MOST = 100

/** How warren names what it derives from a queue. */
const DERIVED = /(?:\.dead|\.retry\.[0-9]+(?:ms|s|m|h|d))$/

/**
 * Groups queues by the beginning of their names. Separators are `.`, `:` and `/`, then `-`, then `_`. From three queues on
 * a common beginning makes a group, and a group of more than a hundred queues is split by the next part. Dead-letter and
 * delay queues that warren named after a queue are in the group of this queue and do not count.
 */
export function groupByPrefix(queues: Iterable<string>): Grouping {
  const counted = withFollowers(new Set(queues))
  const groups = new Map<string, Counted[]>()
  const rest = split(counted, undefined, groups)
  return {
    groups: Array.from(groups, ([name, members]) => ({ name, queues: members.flatMap(namesOf).toSorted() })).toSorted(
      (one, other) => (one.name < other.name ? -1 : 1),
    ),
    rest: rest.flatMap(namesOf).toSorted(),
  }
}

function withFollowers(names: ReadonlySet<string>): Counted[] {
  const followers = new Map<string, string[]>()
  for (const name of names) if (sourceOf(name, names) === undefined) followers.set(name, [])
  for (const name of names) {
    const source = sourceOf(name, names)
    if (source !== undefined) followers.get(source)?.push(name)
  }
  return Array.from(followers, ([name, each]) => ({ name, followers: each }))
}

/** The queue that a dead-letter or delay queue serves, also over several steps: `a` for `a.dead.dead`. */
function sourceOf(name: string, names: ReadonlySet<string>): string | undefined {
  let found: string | undefined
  for (let source = name; DERIVED.test(source);) {
    source = source.replace(DERIVED, '')
    if (!names.has(source)) break
    found = source
  }
  return found
}

/** Adds the groups below a prefix, and returns what is in none of them. */
function split(
  queues: readonly Counted[],
  after: string | undefined,
  groups: Map<string, Counted[]>,
): readonly Counted[] {
  const byPrefix = new Map<string, Counted[]>()
  const rest: Counted[] = []
  for (const each of queues) {
    const prefix = prefixOf(each.name, after)
    if (prefix === undefined) rest.push(each)
    else add(byPrefix, prefix, [each])
  }
  for (const [name, members] of byPrefix) {
    if (members.length < FEWEST) rest.push(...members)
    else add(groups, name, members.length > MOST ? split(members, name, groups) : members)
  }
  return rest
}

/** Two ways of splitting can lead to one name: `a-b` is the first part of `a-b.c`, and the second prefix of `a-b-c`. */
function add(groups: Map<string, Counted[]>, name: string, members: readonly Counted[]): void {
  const group = groups.get(name)
  if (group) group.push(...members)
  else if (members.length > 0) groups.set(name, [...members])
}

function namesOf({ name, followers }: Counted): readonly string[] {
  return [name, ...followers]
}
