import { errorMessage } from '../diagnostics/thrown.ts'
import { randomUUID } from 'node:crypto'
import { applyPlan, type ApplyOptions as Pace } from '../apply/apply-plan.ts'
import { claim, editsBetween } from '../apply/claims.ts'
import { deleteEmptyRecords, editRecords } from '../apply/record-writes.ts'
import { recordsAfter, recordsBefore, type RecordsByVhost } from '../apply/next-records.ts'
import type { Report } from '../apply/report.ts'
import type { Live } from '../live/live.ts'
import { isAdministrator } from '../live/read-live.ts'
import type { ManagementClient } from '../management/client.ts'
import { isEmptyOfChanges, ownershipChanges } from '../plan/ownership-changes.ts'
import type { Plan } from '../plan/plan.ts'
import { isEmptyRecord } from '../records/ownership-record.ts'
import { ownershipIn } from './planned.ts'
import { vhostsWithoutRoomForLock } from './room-for-lock.ts'
import type { Session } from './session.ts'

export interface Execution {
  readonly plan: Plan
  readonly live: Live
  readonly session: Session
  readonly pace: Pace
}

/**
 * Carries out a plan: claims what it will make, makes it, and records what came of it.
 *
 * @returns undefined when there was nothing to do; nothing is written then, no record either
 * @throws {WarrenError} with exit code 4 when another project claims an object; nothing was done then
 */
export async function execute(client: ManagementClient, execution: Execution): Promise<Report | undefined> {
  const { plan, live } = execution
  const report = await claimAndApply(client, execution)
  if (plan.mode.destroy) {
    const empty = (live.records?.ownership ?? []).filter(
      (each) => each.project === plan.project && plan.vhosts.includes(each.vhost) && isEmptyRecord(each),
    )
    await deleteEmptyRecords(client, empty)
  }
  return report
}

async function claimAndApply(client: ManagementClient, execution: Execution): Promise<Report | undefined> {
  const { plan, live, session } = execution
  const pace = paceOf(execution)
  for (const vhost of vhostsWithoutRoomForLock(plan)) await session.giveUpLock?.(vhost)
  const { ownership } = ownershipIn(live, plan.project)
  if (ownership === undefined) return plan.changes.length === 0 ? undefined : applyPlan(client, plan, pace)
  const name = { run: randomUUID(), at: new Date().toISOString() }
  const before = recordsBefore(ownership, plan.changes, plan.ownership.records, name)
  const edits = editsBetween(ownership.own, before)
  // Of a saved plan, all may have been done and recorded meanwhile.
  if (plan.changes.length === 0 && edits.length === 0) return undefined
  await claim(client, before, edits)
  const report = await applyPlan(client, plan, pace)
  const outcomes = new Map(report.outcomes.map((outcome) => [outcome.address, outcome]))
  const owners = ownershipChanges(plan)
  const failed = await settle(client, before, recordsAfter(before, plan.changes, outcomes))
  return {
    ...report,
    ...(!isEmptyOfChanges(owners) && { ownership: owners }),
    ...(failed !== undefined && { recordFailed: failed }),
    ...(session.lost?.aborted && { lockLost: true }),
  }
}

function paceOf({ pace, session, live }: Execution): Pace {
  const signals = [pace.signal, session.lost].filter((each) => each !== undefined)
  return {
    ...pace,
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    ...(session.amqp && { amqp: session.amqp }),
    ...(session.unwatch && { onVhostDelete: session.unwatch }),
    isAdministrator: isAdministrator(live.login),
    takesTopicPermissions: live.broker.takesTopicPermissions === true,
  }
}

/** @returns why the records could not be written; too much in them is mended by the next apply */
async function settle(
  client: ManagementClient,
  before: RecordsByVhost,
  after: RecordsByVhost,
): Promise<string | undefined> {
  try {
    await editRecords(client, editsBetween(before, after))
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}
