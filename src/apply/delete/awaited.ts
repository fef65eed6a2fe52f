import { readLive } from '../../broker/live/read-live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { address, addressOf } from '../../model/address.ts'
import type { Kind, Queue } from '../../model/topology.ts'
import { PlanContext } from '../../plan/plan-context.ts'
import { modeOfPlan } from '../../plan/plan-mode.ts'
import type { Change } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import { isAllowed, type LoweredLimit, loweredLimits } from '../../plan/policies/lowered-limits.ts'
import { isDelete } from '../../plan/steps/subject.ts'
import { type Senders, sendersTo } from '../../plan/steps/senders.ts'
import { waitingElsewhere } from '../../plan/guards/waiting-elsewhere.ts'
import { countQueues, requireCounted } from '../counting/count-queues.ts'

/** The queues whose messages need an object that is to be deleted. */
export interface Waiting {
  /** The queues that are kept. */
  readonly kept: readonly Queue[]
  /** Addresses of the queues that are deleted too. If these are not empty, they are kept. */
  readonly deleted: readonly string[]
  /** The delay queues among them, which are deleted first. */
  readonly before: readonly string[]
}

/** By the address of the required object. */
export type Awaited = ReadonlyMap<string, Waiting>

/** Dependencies of other objects, read right before the first delete. */
export interface CountedOn {
  readonly awaited: Awaited
  /** Kept objects that send messages to deleted ones, by the address of the deleted one. */
  readonly senders: Senders
  /** The limits that kept queues get when policies are deleted, by policy. */
  readonly lowered: readonly LoweredLimit[]
}

const WAYS: readonly Kind[] = ['queue', 'exchange', 'binding', 'policy', 'operator-policy']

/**
 * Finds the queues whose messages have to be counted right before a delete. They were empty when the plan was made,
 * but messages may have arrived since then. Deletes that the plan allows are left out.
 */
export async function findCountedOn(client: ManagementClient, plan: Plan): Promise<CountedOn> {
  const changes = plan.changes.filter((each) => isDelete(each) || each.action === 'rename')
  const { allowDelete } = modeOfPlan(plan)
  const guarded = changes.filter((each) => WAYS.includes(each.kind) && !allowDelete.has(deletedBy(each)))
  if (guarded.length === 0) return { awaited: new Map(), senders: new Map(), lowered: [] }
  const vhosts = [...new Set(guarded.flatMap(({ before }) => ('vhost' in before ? [before.vhost] : [])))]
  const kinds = new Set<Kind>([...WAYS, 'parameter'])
  const live = await readLive(client, { vhosts, kinds })
  const context = new PlanContext(live.topology, live, modeOfPlan(plan))
  const lowered = loweredLimits(context, plan.changes.filter(isDelete))
  return {
    awaited: groupAwaited(context, changes, allowDelete),
    senders: sendersTo(context, new Set(changes.map(deletedBy))),
    lowered: lowered.filter((each) => !isAllowed(each, allowDelete)),
  }
}

/** Groups the queues with waiting messages by the object that they need, without messages that may be lost. */
export function groupAwaited(
  context: PlanContext,
  changes: readonly Change[],
  allowDelete: ReadonlySet<string>,
): Awaited {
  const awaited = new Map<string, { kept: Queue[]; deleted: string[]; before: string[] }>()
  for (const { queue, at, by, isDeleted, delays } of waitingElsewhere(context, changes)) {
    const where = addressOf('queue', queue)
    if (allowDelete.has(at) || (isDeleted && allowDelete.has(where))) continue
    for (const each of by) {
      const waiting = awaited.get(each) ?? { kept: [], deleted: [], before: [] }
      awaited.set(each, waiting)
      if (!isDeleted) waiting.kept.push(queue)
      else waiting.deleted.push(where)
      if (isDeleted && delays) waiting.before.push(where)
    }
  }
  return awaited
}

/** The address of the object that a change deletes. */
function deletedBy(change: Change): string {
  return change.action === 'rename' ? change.from : change.address
}

/**
 * Counts the messages that need an object that is about to be deleted, and describes them; undefined if there are
 * none.
 *
 * @param amqp if absent, the totals of the API are used, as in the plan
 */
export async function awaitedNow(
  client: ManagementClient,
  amqp: Amqp | undefined,
  queues: readonly Queue[] = [],
): Promise<string | undefined> {
  for (const vhost of new Set(queues.map((each) => each.vhost))) {
    const names = queues.filter((each) => each.vhost === vhost).map(({ name }) => name)
    for (const [name, messages] of await messagesIn(client, amqp, vhost, names)) {
      if (messages > 0) {
        return `${messages} ${messages === 1 ? 'message waits' : 'messages wait'} for it in ${address('queue', vhost, name)}, and the plan named 0`
      }
    }
  }
  return undefined
}

async function messagesIn(
  client: ManagementClient,
  amqp: Amqp | undefined,
  vhost: string,
  names: readonly string[],
): Promise<readonly (readonly [name: string, messages: number])[]> {
  if (amqp === undefined) {
    const totals = await reads.queueTotals(client, vhost)
    return totals.filter(({ name }) => names.includes(name)).map(({ name, messages = 0 }) => [name, messages] as const)
  }
  const counts = await countQueues({ amqp, client, vhost, names })
  return [...counts].map(([name, count]) => [name, requireCounted(count).messages] as const)
}
