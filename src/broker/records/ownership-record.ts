import { entryOf } from './entry.ts'
import { recordName } from '../../model/generated-names.ts'

/** The objects that a project owns in a virtual host, as a global parameter of the broker keeps them. */
export interface OwnershipRecord {
  readonly project: string
  readonly vhost: string
  /** Addresses of what warren created for the project. Only these are pruned without being named. */
  readonly owned: readonly string[]
  /** Addresses of what existed before it was declared, or may have existed. */
  readonly adopted: readonly string[]
  /** The objects that runs intend to create. An entry is kept until the object was created and read back. */
  readonly intended: readonly Claim[]
  /** Addresses of what was declared with `protect: true`, whatever else they are. */
  readonly protected: readonly string[]
  /**
   * Owned and adopted addresses that were taken over, with the project that they come from. While an address is marked, every
   * entry for it in that project's records counts for nothing.
   */
  readonly taken: readonly Taken[]
  /**
   * Fingerprints of the declarations that objects which delete themselves were created with. One that is gone is created
   * again only where its declaration has changed. Absent where there are none.
   */
  readonly selfDeleting?: readonly CreatedWith[]
}

/** The objects that one run intends to create. */
export interface Claim {
  /** Names the run. */
  readonly run: string
  /** When it was claimed, as ISO 8601. */
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

/** The format that is written. Format 1, which is still read, had no `taken` and no hashes. */
export const RECORD_FORMAT = 2
const READABLE: readonly unknown[] = [1, RECORD_FORMAT]

/** A record of a project that owns nothing. */
export function emptyRecord(project: string, vhost: string): OwnershipRecord {
  return { project, vhost, owned: [], adopted: [], intended: [], protected: [], taken: [] }
}

/** Whether a record says nothing; such a record is not kept on the broker. */
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

/** Reads the value of a global parameter; undefined when it is not a record, or not that of its name. */
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
