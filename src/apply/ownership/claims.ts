import { WarrenError } from '../../diagnostics/warren-error.ts'
import { entryOf } from '../../broker/records/entry.ts'
import { isSameRecord } from '../../broker/records/merge-records.ts'
import { type Claim, emptyRecord, type OwnershipRecord } from '../../broker/records/ownership-record.ts'
import { ownershipOf } from '../../broker/records/ownership.ts'
import type { RecordsByVhost } from './next-records.ts'
import { readRecords, type RecordSteps, writeRecords } from '../record-steps.ts'
import type { RecordEdit } from './record-writes.ts'

/** How often the older of two claims checks whether the younger one was withdrawn. */
const ATTEMPTS = 10
const PAUSE = 500

/**
 * Records the objects that a run will create, then reads the records of all projects, and only then lets the run
 * start. If two projects claim one object, at least one sees the other. The younger claim is withdrawn, and the run
 * with the older one waits for this. If it is not withdrawn in time, the other run may have started, so the older
 * claim is withdrawn too.
 *
 * @param edits the changes to the records that the run has read
 * @throws {WarrenError} `OWNERSHIP_CONFLICT`, with the names of both projects; the claim is withdrawn then
 */
export function* claim(records: RecordsByVhost, edits: readonly RecordEdit[]): RecordSteps<void> {
  if (edits.length === 0) return
  yield* writeRecords(edits)
  for (let attempt = 1; ; attempt += 1) {
    const conflict = findConflict(records, (yield* readRecords()).ownership)
    if (conflict === undefined) return
    if (conflict.givesWay || attempt === ATTEMPTS) {
      yield* writeRecords(edits.map(({ base, target }) => ({ base: target, target: base })))
      throw claimedByOther(conflict)
    }
    yield { step: 'pause', milliseconds: PAUSE }
  }
}

/** The differences between two states of a project's records. */
export function editsBetween(before: RecordsByVhost, after: RecordsByVhost): RecordEdit[] {
  return [...after].flatMap(([vhost, target]): RecordEdit[] => {
    const base = before.get(vhost) ?? emptyRecord(target.project, vhost)
    return isSameRecord(base, target) ? [] : [{ base, target }]
  })
}

interface Conflict {
  readonly address: string
  readonly project: string
  readonly other: string
  /** Whether the other claim is already effective or is older. */
  readonly givesWay: boolean
}

/** Finds an object that this run claims and another project owns, adopted, or intends. Pure. */
export function findConflict(records: RecordsByVhost, all: readonly OwnershipRecord[]): Conflict | undefined {
  for (const record of records.values()) {
    const own = record.intended[0]
    const claimed = new Map([...(own?.addresses ?? []), ...record.adopted].map((each) => [entryOf(each), each]))
    for (const other of ownershipOf(record.project, all, []).others) {
      const conflict = (address: string, givesWay: boolean): Conflict => {
        return {
          address: claimed.get(entryOf(address)) ?? address,
          project: record.project,
          other: other.project,
          givesWay,
        }
      }
      const taken = [...other.owned, ...other.adopted].find((each) => claimed.has(entryOf(each)))
      if (taken !== undefined) return conflict(taken, true)
      for (const theirs of other.intended) {
        const both = theirs.addresses.find((each) => claimed.has(entryOf(each)))
        if (both !== undefined) return conflict(both, own === undefined || isOlder(theirs, own))
      }
    }
  }
  return undefined
}

function isOlder(one: Claim, other: Claim): boolean {
  return one.at === other.at ? one.run < other.run : one.at < other.at
}

function claimedByOther({ address, project, other }: Conflict): WarrenError {
  return new WarrenError(`the projects ${JSON.stringify(project)} and ${JSON.stringify(other)} both claim ${address}`, {
    code: 'OWNERSHIP_CONFLICT',
    hint: 'nothing was done; remove it from one of the two, or declare it there with external: true',
  })
}
