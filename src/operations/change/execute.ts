import { randomUUID } from 'node:crypto'
import { applyPlan } from '../../apply/apply-plan.ts'
import type { ApplyOptions } from '../../apply/apply-run.ts'
import { applyAndRecord } from '../../apply/apply-and-record.ts'
import { takeSteps } from '../../apply/record-steps.ts'
import { deleteEmptyRecords } from '../../apply/ownership/record-writes.ts'
import { defaultParallelism } from '../../apply/default-parallelism.ts'
import type { Outcome, Report } from '../../apply/report.ts'
import type { Live } from '../../broker/live/live.ts'
import { recordsIn } from '../../broker/live/records-in.ts'
import { isAdministrator } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Plan } from '../../plan/plan.ts'
import { isEmptyRecord } from '../../broker/records/ownership-record.ts'
import type { HeldHandOverLocks } from '../session/hand-over-locks.ts'
import { ownershipOfRecords, type Planned } from './planned.ts'
import { vhostsWithoutRoomForLock } from '../session/room-for-lock.ts'
import type { Session } from '../session/session.ts'

/** Options for executing a plan. */
export interface ExecuteOptions {
  /**
   * Called before the first write, except for plans without any. If it returns false, nothing is changed. Default: does
   * not ask.
   */
  readonly confirm?: (planned: Planned) => Promise<boolean>
  /** The maximum number of concurrent writes. Default: 16 from RabbitMQ 4.0 on, else 64. */
  readonly parallelism?: number
  /** The maximum number of queues that are migrated or renamed at the same time. Default 10. */
  readonly batch?: number
  /** When aborted, no further change starts. Changes in progress finish and are read back. Default: never. */
  readonly signal?: AbortSignal
  /** Called when each of the `total` changes ends, including changes that never started. */
  readonly onOutcome?: (outcome: Outcome, total: number) => void
  /** Called during a long step, with a short sentence about its progress. */
  readonly onProgress?: (text: string) => void
}

/** The result of an apply. */
export interface Applied extends Planned {
  /** Why there is no report: the plan was empty, blocked, or not confirmed. */
  readonly stopped?: 'nothing-to-do' | 'blocked' | 'not-confirmed'
  /** The report; absent if no change was started. */
  readonly report?: Report
}

/** A plan, the broker that it was made from, and the locks that are held meanwhile. */
export interface Execution {
  readonly plan: Plan
  readonly live: Live
  readonly session: Session
  /** The locks of other projects, if the plan hands objects over or finishes a hand-over. */
  readonly handOverLocks: HeldHandOverLocks | undefined
  /** Whether other projects of the same run may have written records since the plan was made. Default false. */
  readonly isOneOfSeveral?: boolean
  readonly options: Omit<ExecuteOptions, 'confirm'> & Pick<ApplyOptions, 'turn'>
}

/** Executes a plan, and adds the report to its masked form. */
export async function executePlanned(
  client: ManagementClient,
  planned: Planned,
  execution: Execution,
): Promise<Applied> {
  const report = await execute(client, execution)
  return report === undefined ? { ...planned, stopped: 'nothing-to-do' } : { ...planned, report }
}

/**
 * Executes a plan: records its intent, makes the changes, and records the result.
 *
 * @returns undefined if there was nothing to do; nothing is written then, not even a record
 * @throws {WarrenError} `OWNERSHIP_CONFLICT` when another project claims an object; nothing was done then
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
  const applyOptions = applyOptionsOf(execution)
  for (const vhost of vhostsWithoutRoomForLock(plan)) await session.giveUpLock?.(vhost)
  if (live.records === undefined) return plan.changes.length === 0 ? undefined : applyPlan(client, plan, applyOptions)
  const records = execution.isOneOfSeveral === true ? recordsIn(await reads.globalParameters(client)) : live.records
  const steps = applyAndRecord({
    plan,
    name: { run: randomUUID(), at: new Date().toISOString() },
    records,
    ownershipIn: (read) => ownershipOfRecords({ records: read, topology: live.topology }, plan.project),
    locked: () => (handOverLocks === undefined || handOverLocks.lost.aborted ? NONE : handOverLocks.projects),
  })
  const report = await takeSteps(client, steps, {
    releaseLocks: async () => handOverLocks?.[Symbol.asyncDispose](),
    apply: () => applyPlan(client, plan, applyOptions),
  })
  return report && { ...report, ...(session.lost?.aborted && { lockLost: true }) }
}

const NONE: ReadonlySet<string> = new Set()

/** The options for writing the changes of a plan, with defaults filled in. */
function applyOptionsOf({ plan, session, live, options }: Execution): ApplyOptions {
  const { parallelism, batch, signal, onOutcome, onProgress, turn } = options
  const amqpToCreate = session.amqp ?? session.amqpLater
  const signals = [signal, session.lost].filter((each) => each !== undefined)
  return {
    parallelism: parallelism ?? defaultParallelism(plan.broker.version),
    ...(batch !== undefined && { batch }),
    ...(onOutcome && { onOutcome }),
    ...(onProgress && { onProgress }),
    ...(turn && { turn }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    ...(session.amqp && { amqp: session.amqp }),
    ...(amqpToCreate && { amqpToCreate }),
    ...(session.unwatch && { onVhostDelete: session.unwatch }),
    isAdministrator: isAdministrator(live.login),
    deletesTopicPermissions: live.broker.deletesTopicPermissions === true,
  }
}
