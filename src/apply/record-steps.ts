import { setTimeout as sleep } from 'node:timers/promises'
import type { Records } from '../broker/live/live.ts'
import { recordsIn } from '../broker/live/records-in.ts'
import type { ManagementClient } from '../broker/management/client.ts'
import { reads } from '../broker/management/reads.ts'
import { editRecords, type RecordEdit } from './ownership/record-writes.ts'
import type { Report } from './report.ts'

/*
 * The order of reads and writes in which a run claims, takes over and records ownership decides whether concurrent or
 * killed runs can lose an object. This order is written down once, as generators without side effects. A run executes
 * their steps on a broker, and a test searches all states that interleaved and killed runs can reach.
 */

/** One step of a run on the records of a broker. */
export type RecordStep =
  /** The answer contains all records. */
  | { readonly step: 'read' }
  | { readonly step: 'edit'; readonly edits: readonly RecordEdit[] }
  | { readonly step: 'pause'; readonly milliseconds: number }
  /** The locks of other projects are no longer needed. */
  | { readonly step: 'release-locks' }
  /** The objects themselves are changed; answered with the report. */
  | { readonly step: 'apply' }

/** A part of a run. The answer to each step is the requested data. */
export type RecordSteps<Result> = Generator<RecordStep, Result, unknown>

/** Reads all records. */
export function* readRecords(): RecordSteps<Records> {
  return (yield { step: 'read' }) as Records
}

/** Writes the changes of several records. */
export function* writeRecords(edits: readonly RecordEdit[]): RecordSteps<void> {
  if (edits.length > 0) yield { step: 'edit', edits }
}

/** Executes the steps that are not about records. */
export interface StepActions {
  readonly releaseLocks: () => Promise<void>
  readonly apply: () => Promise<Report>
}

/** Executes steps on a broker. An error is thrown at the step that caused it. */
export async function takeSteps<Result>(
  client: ManagementClient,
  steps: RecordSteps<Result>,
  actions: StepActions,
): Promise<Result> {
  let next = steps.next()
  while (next.done !== true) {
    try {
      next = steps.next(await takeStep(client, next.value, actions))
    } catch (error) {
      next = steps.throw(error)
    }
  }
  return next.value
}

async function takeStep(client: ManagementClient, step: RecordStep, actions: StepActions): Promise<unknown> {
  switch (step.step) {
    case 'read':
      return recordsIn(await reads.globalParameters(client))
    case 'edit':
      return editRecords(client, step.edits)
    case 'pause':
      return sleep(step.milliseconds)
    case 'release-locks':
      return actions.releaseLocks()
    case 'apply':
      return actions.apply()
  }
}
