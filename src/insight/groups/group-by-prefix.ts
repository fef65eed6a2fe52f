import { prefixOf } from './name-prefix.ts'

/** A name, and the number of queues that it stands for. */
interface Counted {
  readonly name: string
  /** Derived queues, such as those of a retry ladder, are in the group of their source queue. */
  readonly followers: readonly string[]
}

/** Queues whose names have a common prefix. */
export interface Group {
  /** The common prefix, such as `billing`. */
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

/** The minimum number of queues in a group. */
const FEWEST = 3
/** A group with more queues is divided by the next part of their names. */
const MOST = 100

/** The suffixes that warren gives to derived queues. */
const DERIVED = /(?:\.dead|\.retry\.[0-9]+(?:ms|s|m|h|d))$/

/**
 * Groups queues by the beginning of their names. Separators are `.`, `:` and `/`, then `-`, then `_`. A group needs
 * three queues with a common prefix. A group of more than a hundred queues is divided by the next part. Dead-letter
 * and delay queues that warren named after a queue are in the group of this queue, and are not counted.
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

/** The queue that a dead-letter or delay queue belongs to, also over several steps: `a` for `a.dead.dead`. */
function sourceOf(name: string, names: ReadonlySet<string>): string | undefined {
  let found: string | undefined
  for (let source = name; DERIVED.test(source);) {
    source = source.replace(DERIVED, '')
    if (!names.has(source)) break
    found = source
  }
  return found
}

/** Adds the groups below a prefix, and returns the members that are in none of them. */
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

/** Two divisions can result in the same name: `a-b` is the first part of `a-b.c`, and the second prefix of `a-b-c`. */
function add(groups: Map<string, Counted[]>, name: string, members: readonly Counted[]): void {
  const group = groups.get(name)
  if (group) group.push(...members)
  else if (members.length > 0) groups.set(name, [...members])
}

function namesOf({ name, followers }: Counted): readonly string[] {
  return [name, ...followers]
}
