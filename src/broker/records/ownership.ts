import { entryOf, type KnownAddresses } from './entry.ts'
import type { OwnershipRecord } from './ownership-record.ts'
import type { UnreadableParameter } from './unreadable-parameter.ts'

/** The ownership records on a broker, from the point of view of one project. */
export interface Ownership {
  readonly project: string
  /** The records of this project by virtual host, unchanged. */
  readonly own: ReadonlyMap<string, OwnershipRecord>
  /** Entries in them that other projects have taken over: they have no effect, and clean-up removes them. */
  readonly lost: ReadonlySet<string>
  /** The other projects that own, adopted or intend an object, by its address. */
  readonly foreign: ReadonlyMap<string, string>
  /** Every address in a record of another project, even if this project has taken it over. It is never deleted. */
  readonly named: ReadonlySet<string>
  /** The records of other projects, without the objects that were taken over from them. */
  readonly others: readonly OwnershipRecord[]
  /** The records of all projects, unchanged. */
  readonly records: readonly OwnershipRecord[]
  /** Global parameters in the place of a record that this version cannot read. */
  readonly damaged: readonly UnreadableParameter[]
}

/** How this project owns an object. An entry that a run intended and never confirmed counts as adopted. */
export type OwnState = 'owned' | 'adopted' | undefined

/**
 * Arranges records for the questions of a plan.
 *
 * @param known resolves entries that are hashes. Default: hashes stay unresolved
 */
export function ownershipOf(
  project: string,
  records: readonly OwnershipRecord[],
  damaged: readonly UnreadableParameter[],
  known?: KnownAddresses,
): Ownership {
  const read = known === undefined ? records : records.map((each) => withAddresses(each, known.addressOf))
  const lost = takenFrom(read)
  const others = read
    .filter((each) => each.project !== project)
    .map((each) => without(each, lost.get(each.project) ?? new Set()))
  return {
    project,
    own: new Map(read.filter((each) => each.project === project).map((each) => [each.vhost, each])),
    lost: lost.get(project) ?? new Set(),
    foreign: new Map(others.flatMap((record) => addressesIn(record).map((each) => [each, record.project] as const))),
    named: new Set(read.filter((each) => each.project !== project).flatMap(addressesIn)),
    others,
    records: read,
    damaged,
  }
}

/** Entries of addresses that other projects have taken over, by the former project. */
export function takenFrom(records: readonly OwnershipRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const lost = new Map<string, Set<string>>()
  for (const { project, taken } of records) {
    for (const { from, addresses } of taken) {
      if (from === project) continue
      const all = lost.get(from) ?? new Set()
      lost.set(from, all)
      for (const each of addresses) all.add(entryOf(each))
    }
  }
  return lost
}

/** A record without the given entries. */
export function without(record: OwnershipRecord, entries: ReadonlySet<string>): OwnershipRecord {
  if (entries.size === 0) return record
  const rest = (list: readonly string[]) => list.filter((each) => !entries.has(entryOf(each)))
  return {
    ...record,
    owned: rest(record.owned),
    adopted: rest(record.adopted),
    intended: filled(record.intended.map((each) => ({ ...each, addresses: rest(each.addresses) }))),
    protected: rest(record.protected),
    taken: filled(record.taken.map((each) => ({ ...each, addresses: rest(each.addresses) }))),
    ...createdWith(record, rest),
  }
}

function createdWith(
  { selfDeleting }: OwnershipRecord,
  each: (addresses: readonly string[]) => string[],
): Pick<OwnershipRecord, 'selfDeleting'> {
  if (selfDeleting === undefined) return {}
  return { selfDeleting: filled(selfDeleting.map((group) => ({ ...group, addresses: each(group.addresses) }))) }
}

function filled<T extends { readonly addresses: readonly string[] }>(lists: readonly T[]): T[] {
  return lists.filter(({ addresses }) => addresses.length > 0)
}

function withAddresses(record: OwnershipRecord, addressOf: (entry: string) => string): OwnershipRecord {
  const resolve = (list: readonly string[]) => list.map(addressOf)
  return {
    ...record,
    owned: resolve(record.owned),
    adopted: resolve(record.adopted),
    intended: record.intended.map((each) => ({ ...each, addresses: resolve(each.addresses) })),
    protected: resolve(record.protected),
    taken: record.taken.map((each) => ({ ...each, addresses: resolve(each.addresses) })),
    ...createdWith(record, resolve),
  }
}

/** All addresses that a record assigns to its project. */
export function addressesIn({ owned, adopted, intended }: OwnershipRecord): string[] {
  return [...owned, ...adopted, ...intended.flatMap(({ addresses }) => addresses)]
}

/** Looks up the entries of this project for an address. */
export class OwnEntries {
  readonly #states = new Map<string, 'owned' | 'adopted'>()
  readonly #protected = new Set<string>()

  /** @param vhosts only the records of these virtual hosts count; all if absent */
  constructor({ own, lost }: Pick<Ownership, 'own' | 'lost'>, vhosts?: ReadonlySet<string>) {
    const records = [...own].flatMap(([vhost, record]) =>
      vhosts === undefined || vhosts.has(vhost) ? [without(record, lost)] : [],
    )
    for (const record of records) {
      for (const address of addressesIn(record)) this.#states.set(address, 'adopted')
      for (const address of record.protected) this.#protected.add(address)
    }
    // Several records may contain a user; one that owns it is sufficient, even if others only adopted it.
    for (const { owned } of records) for (const address of owned) this.#states.set(address, 'owned')
  }

  stateOf(address: string): OwnState {
    return this.#states.get(address)
  }

  isProtected(address: string): boolean {
    return this.#protected.has(address)
  }

  /** Every address that is owned or adopted. */
  addresses(): Iterable<string> {
    return this.#states.keys()
  }

  get size(): number {
    return this.#states.size
  }
}
