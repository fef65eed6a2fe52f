import type { OwnershipRecord } from './ownership-record.ts'

/** What the records on a broker say, as one project sees it. */
export interface Ownership {
  readonly project: string
  /** The records of this project, by virtual host. */
  readonly own: ReadonlyMap<string, OwnershipRecord>
  /** The projects that own, adopted or intend an object, by its address, without this one. */
  readonly foreign: ReadonlyMap<string, string>
  /** Names of global parameters in the place of a record that are none. */
  readonly damaged: readonly string[]
}

/** Whose an object is to this project. An entry that a run intended and never confirmed counts as adopted. */
export type OwnState = 'owned' | 'adopted' | undefined

/** Puts records in the order in which a plan asks for them. */
export function ownershipOf(
  project: string,
  records: readonly OwnershipRecord[],
  damaged: readonly string[],
): Ownership {
  const own = records.filter((each) => each.project === project)
  const foreign = new Map<string, string>()
  for (const record of records) {
    if (record.project === project) continue
    for (const address of addressesIn(record)) foreign.set(address, record.project)
  }
  return { project, own: new Map(own.map((each) => [each.vhost, each])), foreign, damaged }
}

/** All that a record names as its project's. */
export function addressesIn({ owned, adopted, intended }: OwnershipRecord): string[] {
  return [...owned, ...adopted, ...intended.flatMap(({ addresses }) => addresses)]
}

/** Answers quickly what this project's records say of an address. */
export class OwnEntries {
  readonly #states = new Map<string, 'owned' | 'adopted'>()
  readonly #protected = new Set<string>()

  /** @param vhosts only the records of these count; all when absent */
  constructor({ own }: Ownership, vhosts?: ReadonlySet<string>) {
    for (const [vhost, record] of own) {
      if (vhosts !== undefined && !vhosts.has(vhost)) continue
      for (const address of addressesIn(record)) this.#states.set(address, 'adopted')
      for (const address of record.protected) this.#protected.add(address)
    }
    // What one record owns is owned, though another one only adopted it: a user stands in several.
    for (const [vhost, record] of own) {
      if (vhosts !== undefined && !vhosts.has(vhost)) continue
      for (const address of record.owned) this.#states.set(address, 'owned')
    }
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
