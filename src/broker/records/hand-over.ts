import { entryOf } from './entry.ts'
import { emptyRecord, type OwnershipRecord } from './ownership-record.ts'
import { addressesIn, type Ownership, ownershipOf, takenFrom, without } from './ownership.ts'

/** The objects taken over from one project. They keep their state as owned, adopted or protected. */
export interface TakenOver {
  readonly from: string
  readonly owned: readonly string[]
  readonly adopted: readonly string[]
  readonly protected: readonly string[]
}

/** The objects taken over into the records of a project, by virtual host. */
export type TakesByVhost = ReadonlyMap<string, readonly TakenOver[]>

/**
 * A record with added objects. Each address is marked with the project that it comes from, and with the projects that
 * are already marked on it in any record: while a clean-up is pending, their entries must have no effect either.
 *
 * @param all the records on the broker
 */
export function withTakes(
  record: OwnershipRecord,
  takes: readonly TakenOver[],
  all: readonly OwnershipRecord[],
): OwnershipRecord {
  if (takes.length === 0) return record
  const marks = new Map(record.taken.map(({ from, addresses }) => [from, [...addresses]]))
  const pending = marksByEntry(all)
  const mark = (from: string, address: string) => {
    if (from === record.project) return
    const marked = marks.get(from)
    if (marked === undefined) marks.set(from, [address])
    else marked.push(address)
  }
  for (const take of takes) {
    for (const address of new Set([...take.owned, ...take.adopted, ...take.protected])) {
      mark(take.from, address)
      for (const from of pending.get(entryOf(address)) ?? []) mark(from, address)
    }
  }
  const owned = union(record.owned, ...takes.map((each) => each.owned))
  const isOwned = new Set(owned)
  return {
    ...record,
    owned,
    adopted: union(record.adopted, ...takes.map((each) => each.adopted)).filter((each) => !isOwned.has(each)),
    protected: union(record.protected, ...takes.map((each) => each.protected)),
    taken: [...marks].map(([from, addresses]) => ({ from, addresses: union(addresses) })),
  }
}

function union(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())]
}

/** The projects that any record marks an address with, by the entry of the address. */
export function marksByEntry(records: readonly OwnershipRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const marks = new Map<string, Set<string>>()
  for (const { from, addresses } of records.flatMap(({ taken }) => taken)) {
    for (const entry of addresses.map(entryOf)) {
      const projects = marks.get(entry) ?? new Set()
      marks.set(entry, projects.add(from))
    }
  }
  return marks
}

/**
 * The records after a project has taken objects over and the pending clean-up is done. An address in another record
 * still counts as named, because the clean-up may fail.
 */
export function ownershipAfter(ownership: Ownership, takes: TakesByVhost): Ownership {
  const { project, records, damaged, named } = ownership
  const projects = new Set(records.map((each) => each.project))
  const clean = withoutEndedMarks(withoutVoidEntries(records, projects), projects)
  const own = new Map(clean.filter((each) => each.project === project).map((each) => [each.vhost, each]))
  for (const [vhost, each] of takes) {
    own.set(vhost, withTakes(own.get(vhost) ?? emptyRecord(project, vhost), each, clean))
  }
  const others = clean.filter((each) => each.project !== project)
  return { ...ownershipOf(project, [...own.values(), ...others], damaged), named }
}

/**
 * Clean-up, part one: removes entries from the records of projects whose objects others have taken over.
 *
 * @param projects the projects whose records may be written, because their locks are held; all others stay unchanged
 */
export function withoutVoidEntries(
  records: readonly OwnershipRecord[],
  projects: ReadonlySet<string>,
): OwnershipRecord[] {
  const lost = takenFrom(records)
  return records.map((each) => (projects.has(each.project) ? without(each, lost.get(each.project) ?? new Set()) : each))
}

/**
 * Clean-up, part two: removes the marks whose projects no longer have entries for the addresses. If a mark were
 * removed before the entry, the object would have two owners.
 */
export function withoutEndedMarks(
  records: readonly OwnershipRecord[],
  projects: ReadonlySet<string>,
): OwnershipRecord[] {
  const named = namesByProject(records)
  return records.map((each) => {
    if (!projects.has(each.project) || each.taken.length === 0) return each
    const taken = each.taken
      .map(({ from, addresses }) => ({
        from,
        addresses: addresses.filter((address) => named.get(from)?.has(entryOf(address)) === true),
      }))
      .filter(({ addresses }) => addresses.length > 0)
    return { ...each, taken }
  })
}

/** All entries in the records of each project. */
function namesByProject(records: readonly OwnershipRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>()
  for (const record of records) {
    const all = names.get(record.project) ?? new Set()
    names.set(record.project, all)
    for (const address of [...addressesIn(record), ...record.protected]) all.add(entryOf(address))
    for (const { addresses } of record.taken) for (const address of addresses) all.add(entryOf(address))
  }
  return names
}

/**
 * The other projects whose records a run writes, so that it needs their locks.
 *
 * @param from the projects whose objects it takes over
 */
export function handOverPartners(
  project: string,
  from: readonly string[],
  records: readonly OwnershipRecord[],
): readonly string[] {
  return union(from, unfinishedPartners(project, records)).toSorted()
}

/** The other projects in unfinished hand-overs of a project. */
function unfinishedPartners(project: string, records: readonly OwnershipRecord[]): string[] {
  const marks = records.flatMap((each) => each.taken.map(({ from }) => ({ from, by: each.project })))
  return union(marks.flatMap(({ from, by }) => (by === project ? [from] : from === project ? [by] : []))).filter(
    (each) => each !== project,
  )
}

/**
 * Addresses with a mark, whose hand-over from or to a project is unfinished. A mark of another project also counts if
 * its entry is already removed, because this project cannot own the object again before the mark is removed too.
 */
export function unfinishedHandOvers(project: string, records: readonly OwnershipRecord[]): string[] {
  return union(
    records.flatMap((each) =>
      each.taken.flatMap(({ from, addresses }) => (each.project === project || from === project ? addresses : [])),
    ),
  ).toSorted()
}
