import { errorMessage } from '../diagnostics/thrown.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import type { Records } from '../broker/live/live.ts'
import { changesNoOwner, ownershipChanges } from '../plan/ownership/ownership-changes.ts'
import type { Plan } from '../plan/plan.ts'
import type { Ownership } from '../broker/records/ownership.ts'
import { claim, editsBetween } from './ownership/claims.ts'
import { recordsAfter, recordsBefore, type RunName } from './ownership/next-records.ts'
import { type RecordSteps, writeRecords, readRecords } from './record-steps.ts'
import type { RecordEdit } from './ownership/record-writes.ts'
import type { Report } from './report.ts'
import { withoutEndedMarks, withoutVoidEntries } from '../broker/records/hand-over.ts'
import type { OwnershipRecord } from '../broker/records/ownership-record.ts'

/** The input of a recorded run. */
export interface RecordedRun {
  readonly plan: Plan
  readonly name: RunName
  /** The records that the plan was made from. */
  readonly records: Records
  /** Reads ownership from records, from the point of view of the project. */
  readonly ownershipIn: (records: Records) => Ownership
  /**
   * The projects whose records may be written now, because their locks are held. Empty if one of the locks was lost.
   */
  readonly locked: () => ReadonlySet<string>
}

/**
 * Executes a plan: finishes old hand-overs, records the objects that it will create and take over, finishes that
 * hand-over, changes the objects, and records the result. One write decides a hand-over: before it nothing was done,
 * and after it only clean-up is left.
 *
 * @returns undefined if there was nothing to do; nothing is written then, not even a record
 * @throws {WarrenError} `OWNERSHIP_CONFLICT` when another project claims an object; nothing was done then
 */
export function* applyAndRecord(run: RecordedRun): RecordSteps<Report | undefined> {
  const { plan, name, records, ownershipIn, locked } = run
  const finishes = plan.ownership.unfinished.length > 0 && locked().size > 0
  const ownership = ownershipIn(finishes ? yield* finishHandOvers(locked()) : records)
  const before = recordsBefore(ownership, plan.changes, plan.ownership.records, name)
  const edits = editsBetween(ownership.own, before)
  // All changes of a saved plan may have been made and recorded meanwhile.
  if (plan.changes.length === 0 && edits.length === 0 && !finishes) return undefined
  const takes = plan.ownership.records.some(({ take }) => take.length > 0)
  if (takes && locked().size === 0) throw lostLocks()
  yield* claim(before, edits)
  if (takes) yield* finishHandOvers(locked())
  yield { step: 'release-locks' }
  const report = (yield { step: 'apply' }) as Report
  const outcomes = new Map(report.outcomes.map((outcome) => [outcome.address, outcome]))
  const owners = ownershipChanges(plan)
  const failed = yield* settle(editsBetween(before, recordsAfter(before, plan.changes, outcomes)))
  return {
    ...report,
    ...(!changesNoOwner(owners) && { ownership: owners }),
    ...(failed !== undefined && { recordFailed: failed }),
  }
}

/** @returns why the records could not be written; the next apply removes excess entries */
function* settle(edits: readonly RecordEdit[]): RecordSteps<string | undefined> {
  try {
    yield* writeRecords(edits)
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}

function lostLocks(): WarrenError {
  return new WarrenError('a lock that the takeover needs was lost; nothing was done', {
    code: 'LOCK_LOST',
    hint: 'run the command again',
  })
}

/**
 * Finishes hand-overs that were decided: removes the objects from the records of their former owners, then removes
 * the marks. It changes nothing for a reader, and continues where a killed run stopped.
 *
 * @param projects the projects whose records may be written, because their locks are held
 * @returns the resulting records
 */
function* finishHandOvers(projects: ReadonlySet<string>): RecordSteps<Records> {
  const before = yield* readRecords()
  yield* writeRecords(editsOf(before.ownership, withoutVoidEntries(before.ownership, projects)))
  // A mark is removed only after a read has shown that the entry is gone. Without the mark, the former owner would
  // own the object again.
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
