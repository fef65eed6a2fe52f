import { readLive } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { addressOf } from '../../model/address.ts'
import { type Kind, type ObjectOf, objectsOf, type Topology, topologyOf } from '../../model/topology.ts'
import { PlanContext } from '../../plan/plan-context.ts'
import { modeOfPlan } from '../../plan/plan-mode.ts'
import type { Change, WriteChange } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import { type LoweredLimit, loweredLimits } from '../../plan/policies/lowered-limits.ts'
import { type Senders, sendersTo } from '../../plan/steps/senders.ts'
import { isDelete, isWrite } from '../../plan/steps/subject.ts'
import { type Awaited, awaitedNow, groupAwaited } from '../delete/awaited.ts'
import { exceedsApprovedImpact, StaleError } from '../delete/exceeds-approved-impact.ts'
import { droppedNow } from './dropped-now.ts'

const KINDS_READ: readonly Kind[] = ['queue', 'exchange', 'binding', 'policy', 'operator-policy', 'parameter']

/** Checks the current impact of a change. @throws {StaleError} when it exceeds the planned impact */
export type LookBeforeWrite = (change: WriteChange) => Promise<void>

/**
 * Checks again right before queues are renamed and policies are written. The plan found no messages that depend on
 * them, but some may have arrived since then.
 */
export function lookBeforeWrites(client: ManagementClient, plan: Plan, amqp: Amqp | undefined): LookBeforeWrite {
  const { allowDelete } = modeOfPlan(plan)
  let found: Promise<AtRisk> | undefined
  return async (change) => {
    const from = change.action === 'rename' ? change.from : change.address
    if (!isGuarded(change) || allowDelete.has(from)) return
    const { awaited, lowered, senders } = await (found ??= findAtRisk(client, plan))
    const added =
      change.action === 'rename'
        ? exceedsApprovedImpact(change.impact, { bindings: [], senders: senders.get(from) ?? [] })
        : undefined
    const reason =
      added ??
      (await awaitedNow(client, amqp, awaited.get(from)?.kept)) ??
      (await droppedNow(client, amqp, lowered, from))
    if (reason !== undefined) throw new StaleError(reason)
  }
}

interface AtRisk {
  readonly awaited: Awaited
  readonly lowered: readonly LoweredLimit[]
  readonly senders: Senders
}

async function findAtRisk(client: ManagementClient, plan: Plan): Promise<AtRisk> {
  const vhosts = [...new Set(plan.changes.filter(isWrite).flatMap(vhostOfGuarded))]
  const live = await readLive(client, { vhosts, kinds: new Set(KINDS_READ) })
  const mode = modeOfPlan(plan)
  const context = new PlanContext(topologyAfter(live.topology, plan.changes), live, mode)
  const gone = new Set(plan.changes.filter(isDelete).map(({ address }) => address))
  return {
    awaited: groupAwaited(context, plan.changes, mode.allowDelete),
    lowered: loweredLimits(context, plan.changes),
    senders: sendersTo(context, gone),
  }
}

/** Whether a change can cut off or drop messages in other queues without a separate delete. */
function isGuarded(change: WriteChange): boolean {
  // A change that continues an unfinished run has already passed its check.
  if (change.action === 'rename') return change.kind === 'queue' && change.resumes !== true
  return change.kind === 'policy' || change.kind === 'operator-policy'
}

function vhostOfGuarded(change: WriteChange): string[] {
  return isGuarded(change) && 'vhost' in change.after ? [change.after.vhost] : []
}

/** The live objects, with the planned changes applied. */
function topologyAfter(live: Topology, changes: readonly Change[]): Topology {
  return topologyOf((kind) => {
    const byAddress = new Map(objectsOf(kind, live).map((each) => [addressOf(kind, each), each]))
    for (const change of changes) {
      if (isWrite(change) && change.kind === kind) byAddress.set(change.address, change.after as ObjectOf[typeof kind])
    }
    return [...byAddress.values()]
  })
}
