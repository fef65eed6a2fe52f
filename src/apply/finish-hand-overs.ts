import type { Records } from '../broker/live/live.ts'
import { withoutEndedMarks, withoutVoidEntries } from '../broker/records/hand-over.ts'
import type { OwnershipRecord } from '../broker/records/ownership-record.ts'
import { readRecords, type RecordSteps, writeRecords } from './record-steps.ts'
import type { RecordEdit } from './ownership/record-writes.ts'

/**
 * Finishes hand-overs that were decided: removes what others have taken over from the records of their former owners, and
 * then the marks. It changes nothing for any reader, and goes on where a killed run has left it.
 *
 * @param projects whose records may be written, since their locks are held
 * @returns the records as they are afterwards
 */
export function* finishHandOvers(projects: ReadonlySet<string>): RecordSteps<Records> {
  const before = yield* readRecords()
  yield* writeRecords(editsOf(before.ownership, withoutVoidEntries(before.ownership, projects)))
  // A mark goes only when the entry was seen to be gone: without it, the former owner would own the object again.
  const between = yield* readRecords()
  yield* writeRecords(editsOf(between.ownership, withoutEndedMarks(between.ownership, projects)))
  return yield* readRecords()
}

function editsOf(before: readonly OwnershipRecord[], after: readonly OwnershipRecord[]): RecordEdit[] {
  return before.flatMap((base, index) => {
    const target = after[index]
    return target === undefined || target === base ? [] : [{ base, target }]
  })
}
