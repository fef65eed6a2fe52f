/** What an apply really did. Plain data, without secrets. */
export interface Report {
  /** The version of this format. */
  readonly format: 1
  /** The digest of the plan that was applied. */
  readonly digest: string
  /** In the order of the plan. */
  readonly outcomes: readonly Outcome[]
  /** True when a signal stopped it before everything was begun. */
  readonly interrupted: boolean
}

/** How one change ended. */
export type Outcome = { readonly address: string; readonly action: 'create' | 'update' } & (
  | /** Written, read back and found as declared. */ { readonly status: 'done' }
  | {
      readonly status: 'failed'
      /** In the broker's own words. */
      readonly reason: string
      readonly hint?: string
      /** Whether the broker refused the login's right to do it. */
      readonly refused?: boolean
      /** Whether no answer came, so that it may have been done. */
      readonly maybeDone?: boolean
    }
  | /** Not begun, since a change that it needs was not done, or the broker had gone away at that change. */ {
      readonly status: 'skipped'
      readonly because: string
    }
  | /** Not begun, since the run was interrupted. */ { readonly status: 'interrupted' }
)

export type OutcomeStatus = Outcome['status']

/** How many changes ended each way. */
export function countOutcomes(report: Report): Readonly<Record<OutcomeStatus, number>> {
  const counts = { done: 0, failed: 0, skipped: 0, interrupted: 0 }
  for (const { status } of report.outcomes) counts[status] += 1
  return counts
}
