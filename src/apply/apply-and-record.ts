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

/** What a run carries out. */
export interface RecordedRun {
  readonly plan: Plan
  readonly name: RunName
  /** What the plan was made from. */
  readonly records: Records
  /** What records say to the project. */
  readonly ownershipIn: (records: Records) => Ownership
  /** The projects whose records may be written now, since their locks are held; none when one of them was lost. */
  readonly locked: () => ReadonlySet<string>
}

/**
 * Carries out a plan: finishes old hand-overs, claims what it will create and take over, finishes that, changes the objects,
 * and records what came of it. One write decides a hand-over; until it, nothing was done, and after it, all that is left is
 * clean-up.
 *
 * @returns undefined when there was nothing to do; nothing is written then, no record either
 * @throws {WarrenError} with exit code 4 when another project claims an object; nothing was done then
 */
export function* applyAndRecord(run: RecordedRun): RecordSteps<Report | undefined> {
  const { plan, name, records, ownershipIn, locked } = run
  const finishes = plan.ownership.unfinished.length > 0 && locked().size > 0
  const ownership = ownershipIn(finishes ? yield* finishHandOvers(locked()) : records)
  const before = recordsBefore(ownership, plan.changes, plan.ownership.records, name)
  const edits = editsBetween(ownership.own, before)
  // Of a saved plan, all may have been done and recorded meanwhile.
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

/** @returns why the records could not be written; too much in them is mended by the next apply */
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
    hint: 'apply again',
  })
}

/**
 * Finishes hand-overs that were decided: removes what others have taken over from the records of their former owners, and
 * then the marks. It changes nothing for any reader, and continues where a killed run has stopped.
 *
 * @param projects whose records may be written, since their locks are held
 * @returns the records as they are afterwards
 */
function* finishHandOvers(projects: ReadonlySet<string>): RecordSteps<Records> {
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
