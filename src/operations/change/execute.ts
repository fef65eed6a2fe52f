import { randomUUID } from 'node:crypto'
import { applyPlan } from '../../apply/apply-plan.ts'
import type { ApplyOptions as Pace } from '../../apply/apply-run.ts'
import { applyAndRecord } from '../../apply/apply-and-record.ts'
import { takeSteps } from '../../apply/record-steps.ts'
import { deleteEmptyRecords } from '../../apply/ownership/record-writes.ts'
import type { Report } from '../../apply/report.ts'
import type { Live } from '../../broker/live/live.ts'
import { isAdministrator } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { Plan } from '../../plan/plan.ts'
import { isEmptyRecord } from '../../broker/records/ownership-record.ts'
import type { HeldHandOverLocks } from '../session/hand-over-locks.ts'
import { ownershipOfRecords } from './planned.ts'
import { vhostsWithoutRoomForLock } from '../session/room-for-lock.ts'
import type { Session } from '../session/session.ts'

export interface Execution {
  readonly plan: Plan
  readonly live: Live
  readonly session: Session
  /** The locks of other projects, if the plan hands objects over or finishes a hand-over. */
  readonly handOverLocks?: HeldHandOverLocks
  readonly pace: Pace
}

/**
 * Executes a plan: records its intent, makes the changes, and records the result.
 *
 * @returns undefined if there was nothing to do; nothing is written then, not even a record
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
  const { plan, live, session, handOverLocks } = execution
  const pace = paceOf(execution)
  for (const vhost of vhostsWithoutRoomForLock(plan)) await session.giveUpLock?.(vhost)
  const { records } = live
  if (records === undefined) return plan.changes.length === 0 ? undefined : applyPlan(client, plan, pace)
  const steps = applyAndRecord({
    plan,
    name: { run: randomUUID(), at: new Date().toISOString() },
    records,
    ownershipIn: (read) => ownershipOfRecords({ records: read, topology: live.topology }, plan.project),
    locked: () => (handOverLocks === undefined || handOverLocks.lost.aborted ? NONE : handOverLocks.projects),
  })
  const report = await takeSteps(client, steps, {
    releaseLocks: async () => handOverLocks?.[Symbol.asyncDispose](),
    apply: () => applyPlan(client, plan, pace),
  })
  return report && { ...report, ...(session.lost?.aborted && { lockLost: true }) }
}

const NONE: ReadonlySet<string> = new Set()

function paceOf({ pace, session, live }: Execution): Pace {
  const signals = [pace.signal, session.lost].filter((each) => each !== undefined)
  return {
    ...pace,
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    ...(session.amqp && { amqp: session.amqp }),
    ...(session.unwatch && { onVhostDelete: session.unwatch }),
    isAdministrator: isAdministrator(live.login),
    deletesTopicPermissions: live.broker.deletesTopicPermissions === true,
  }
}
