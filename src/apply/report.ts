import type { ErrorCode } from '../diagnostics/error-code.ts'
import type { OwnershipChanges } from '../plan/ownership/ownership-changes.ts'
import type { Change } from '../plan/change.ts'

/** The result of an apply: plain data, without secrets. */
export interface Report {
  /** The version of this format. */
  readonly format: 1
  /** The digest of the plan that was applied. */
  readonly digest: string
  /** In the order of the plan. */
  readonly outcomes: readonly Outcome[]
  /** Changes of the records in addition to created and deleted objects; absent if there are none. */
  readonly ownership?: OwnershipChanges
  /** True if a signal or the loss of the lock stopped the apply before all changes had begun. */
  readonly interrupted: boolean
  /** True if the lock of the project was lost, so that no further change began. */
  readonly lockLost?: boolean
  /** Why the ownership record could not be updated after the last write. */
  readonly recordFailed?: string
}

/** The outcome of one change. */
export type Outcome = { readonly address: string; readonly action: Change['action'] } & (
  | {
      /** Written and read back as declared, or confirmed as deleted. */
      readonly status: 'done'
      /** The object was to be created but already existed, because another client was faster. */
      readonly found?: true
      /** The outcome for the messages of a queue that was replaced or renamed. */
      readonly moved?: MovedMessages
    }
  | {
      readonly status: 'failed'
      /** The stable code of the error, explained in docs/reference/errors.md. */
      readonly code: ErrorCode
      /** In the broker's own words. */
      readonly reason: string
      readonly hint?: string
      /** Whether the broker refused it for lack of a right. */
      readonly refused?: boolean
      /** Whether no answer arrived, so that it may have been done. */
      readonly maybeDone?: boolean
    }
  | /** Not begun, because a change that it needs was not made, or because the broker was no longer reachable. */ {
      readonly status: 'skipped'
      readonly because: string
    }
  | /** Not made, because more would have been lost than the plan stated. */ {
      readonly status: 'stale'
      readonly reason: string
    }
  | /** The delay queue of a removed delay, in which messages have arrived; a later prune deletes it. */ {
      readonly status: 'kept'
      readonly messages: number
    }
  | /** Not begun, or begun and left for the next apply to resume, because the run was interrupted. */ {
      readonly status: 'interrupted'
      /** Whether it was partially done. The next apply continues it. */
      readonly begun?: true
    }
)

/** The outcome for the messages of a queue that was replaced or renamed. */
export interface MovedMessages {
  readonly messages: number
  /**
   * The number of messages that were delivered or kept twice: at every moment one of two queues was bound, and for a
   * while both.
   */
  readonly duplicates: { readonly atLeast: number; readonly atMost: number }
  /**
   * The number of messages that the broker deleted with the old queue, because a client published directly to it at
   * the last moment.
   */
  readonly lost: number
  /** Consumers that the broker cancelled. */
  readonly cancelledConsumers: number
}

export type OutcomeStatus = Outcome['status']

/** Whether everything was done: all changes, and the update of the ownership record. */
export function isComplete({ outcomes, recordFailed }: Report): boolean {
  return recordFailed === undefined && outcomes.every(({ status }) => status === 'done' || status === 'kept')
}

/** Counts the changes by outcome. */
export function countOutcomes(report: Report): Readonly<Record<OutcomeStatus, number>> {
  const counts = { done: 0, failed: 0, skipped: 0, stale: 0, kept: 0, interrupted: 0 }
  for (const { status } of report.outcomes) counts[status] += 1
  return counts
}
