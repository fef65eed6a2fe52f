import { entryOf } from './entry.ts'
import { recordName } from '../../model/generated-names.ts'

/** The objects that a project owns in a virtual host, in the form of a global parameter. */
export interface OwnershipRecord {
  readonly project: string
  readonly vhost: string
  /** Addresses of objects that warren created for the project. Only these are pruned without being named. */
  readonly owned: readonly string[]
  /** Addresses of objects that existed, or may have existed, before they were declared. */
  readonly adopted: readonly string[]
  /** The objects that runs intend to create. An entry is kept until the object was created and read back. */
  readonly intended: readonly Claim[]
  /** Addresses of objects that were declared with `protect: true`. */
  readonly protected: readonly string[]
  /**
   * Owned and adopted addresses that were taken over, with the project that they come from. While an address is
   * marked, the entries for it in that project's records have no effect.
   */
  readonly taken: readonly Taken[]
  /**
   * Fingerprints of the declarations of objects that delete themselves. Such an object is recreated only if its
   * declaration has changed. Absent if there are none.
   */
  readonly selfDeleting?: readonly CreatedWith[]
}

/** The objects that one run intends to create. */
export interface Claim {
  /** Names the run. */
  readonly run: string
  /** The time of the claim, as ISO 8601. */
  readonly at: string
  readonly addresses: readonly string[]
}

/** Objects that were created with equal declarations. */
export interface CreatedWith {
  readonly declaration: string
  readonly addresses: readonly string[]
}

/** The objects taken over from one project. */
export interface Taken {
  readonly from: string
  readonly addresses: readonly string[]
}

/** The format of new records. Format 1, which is still read, had no `taken` and no hashes. */
export const RECORD_FORMAT = 2
const READABLE: readonly unknown[] = [1, RECORD_FORMAT]

/** A record of a project that owns nothing. */
export function emptyRecord(project: string, vhost: string): OwnershipRecord {
  return { project, vhost, owned: [], adopted: [], intended: [], protected: [], taken: [] }
}

/** Whether a record has no entries; such a record is deleted on the broker. */
export function isEmptyRecord({ owned, adopted, intended, protected: kept, taken }: OwnershipRecord): boolean {
  return [owned, adopted, intended, kept, taken].every(({ length }) => length === 0)
}

/** A record as the value of a global parameter. Equal records give equal values. */
export function recordValue(record: OwnershipRecord): RecordValue {
  const { project, vhost, owned, adopted, intended, protected: kept, taken, selfDeleting = [] } = record
  return {
    format: RECORD_FORMAT,
    project,
    vhost,
    owned: entriesOf(owned),
    adopted: entriesOf(adopted),
    intended: intended.map(({ run, at, addresses }) => ({ run, at, addresses: entriesOf(addresses) })),
    protected: entriesOf(kept),
    taken: taken
      .map(({ from, addresses }) => ({ from, addresses: entriesOf(addresses) }))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    ...(selfDeleting.length > 0 && {
      selfDeleting: selfDeleting
        .map(({ declaration, addresses }) => ({ declaration, addresses: entriesOf(addresses) }))
        .toSorted((a, b) => (a.declaration < b.declaration ? -1 : 1)),
    }),
  }
}

function entriesOf(addresses: readonly string[]): string[] {
  return addresses.map(entryOf).toSorted()
}

type RecordValue = { readonly format: number } & OwnershipRecord

/** Reads the value of a global parameter; undefined if it is not a record, or not the one for this name. */
export function readRecord(name: string, value: unknown): OwnershipRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const {
    format,
    project,
    vhost,
    owned,
    adopted,
    intended,
    protected: kept,
    taken = [],
    selfDeleting = [],
  } = value as Partial<RecordValue>
  if (!READABLE.includes(format) || typeof project !== 'string' || typeof vhost !== 'string') return undefined
  if (name !== recordName({ project, vhost })) return undefined
  if (!isTexts(owned) || !isTexts(adopted) || !isTexts(kept) || !isClaims(intended) || !isTaken(taken)) return undefined
  if (!isCreatedWith(selfDeleting)) return undefined
  return {
    project,
    vhost,
    owned,
    adopted,
    intended,
    protected: kept,
    taken,
    ...(selfDeleting.length > 0 && { selfDeleting }),
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isClaims(value: unknown): value is readonly Claim[] {
  return (
    Array.isArray(value) &&
    value.every((each: Partial<Claim> | null) => {
      if (typeof each !== 'object' || each === null) return false
      return typeof each.run === 'string' && typeof each.at === 'string' && isTexts(each.addresses)
    })
  )
}

function isCreatedWith(value: unknown): value is readonly CreatedWith[] {
  return (
    Array.isArray(value) &&
    value.every((each: Partial<CreatedWith> | null) => {
      if (typeof each !== 'object' || each === null) return false
      return typeof each.declaration === 'string' && isTexts(each.addresses)
    })
  )
}

function isTaken(value: unknown): value is readonly Taken[] {
  return (
    Array.isArray(value) &&
    value.every((each: Partial<Taken> | null) => {
      if (typeof each !== 'object' || each === null) return false
      return typeof each.from === 'string' && isTexts(each.addresses)
    })
  )
}
