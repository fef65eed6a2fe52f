import { parameterName } from './parameter-name.ts'

/** What a project owns in a virtual host, as a global parameter of the broker keeps it. */
export interface OwnershipRecord {
  readonly project: string
  readonly vhost: string
  /** Addresses of what warren made for the project. Only these are pruned without being named. */
  readonly owned: readonly string[]
  /** Addresses of what was there before it was declared, or may have been. */
  readonly adopted: readonly string[]
  /** What runs have said that they will make; such an entry stands until the object was made and read back. */
  readonly intended: readonly Claim[]
  /** Addresses of what was declared with `protect: true`, whatever else they are. */
  readonly protected: readonly string[]
}

/** What one run will make. */
export interface Claim {
  /** Names the run. */
  readonly run: string
  /** When it was claimed, as ISO 8601. */
  readonly at: string
  readonly addresses: readonly string[]
}

const FORMAT = 1

/** The name of the global parameter that a record is kept in. */
export function recordName({ project, vhost }: Pick<OwnershipRecord, 'project' | 'vhost'>): string {
  return parameterName('owner', project, vhost)
}

/** Whether a global parameter is the place of a record. */
export function isRecordName(name: string): boolean {
  return name.startsWith('warren.owner.')
}

/** A record as the value of a global parameter. Equal records give equal values. */
export function recordValue(record: OwnershipRecord): RecordValue {
  const { project, vhost, owned, adopted, intended, protected: kept } = record
  return {
    format: FORMAT,
    project,
    vhost,
    owned: owned.toSorted(),
    adopted: adopted.toSorted(),
    intended: intended.map(({ run, at, addresses }) => ({ run, at, addresses: addresses.toSorted() })),
    protected: kept.toSorted(),
  }
}

type RecordValue = { readonly format: number } & OwnershipRecord

/** Reads the value of a global parameter; undefined when it is no record, or not that of its name. */
export function readRecord(name: string, value: unknown): OwnershipRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { format, project, vhost, owned, adopted, intended, protected: kept } = value as Partial<RecordValue>
  if (format !== FORMAT || typeof project !== 'string' || typeof vhost !== 'string') return undefined
  if (name !== recordName({ project, vhost })) return undefined
  if (!isTexts(owned) || !isTexts(adopted) || !isTexts(kept) || !isClaims(intended)) return undefined
  return { project, vhost, owned, adopted, intended, protected: kept }
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
