import { readLive } from '../live/read-live.ts'
import type { ManagementClient } from '../management/client.ts'
import type { Amqp } from '../messages/amqp.ts'
import { address } from '../model/address.ts'
import type { Queue } from '../model/topology.ts'
import { PlanContext } from '../plan/plan-context.ts'
import { modeOfPlan } from '../plan/plan-mode.ts'
import type { Plan } from '../plan/plan.ts'
import { isDelete } from '../plan/subject.ts'
import { waitingElsewhere } from '../plan/waiting-elsewhere.ts'
import { countQueues, requireCounted } from './count-queues.ts'

/** Queues that stay, and whose messages need a queue or an exchange that is deleted; by the address of that. */
export type Awaited = ReadonlyMap<string, readonly Queue[]>

/**
 * Finds the queues whose messages have to be counted right before something is deleted: the plan found none in them, and some may
 * have come since. What the plan allows to be deleted is left out.
 */
export async function findAwaited(client: ManagementClient, plan: Plan): Promise<Awaited> {
  const deletes = plan.changes.filter(isDelete)
  const mode = modeOfPlan(plan)
  const guarded = deletes.filter(
    ({ kind, address: at }) => (kind === 'queue' || kind === 'exchange') && !mode.allowDelete.has(at),
  )
  if (guarded.length === 0) return new Map()
  const vhosts = [...new Set(guarded.flatMap(({ before }) => ('vhost' in before ? [before.vhost] : [])))]
  const live = await readLive(client, { vhosts, kinds: new Set(['queue', 'exchange', 'binding']) })
  const context = new PlanContext(live.topology, live, mode)
  // The queues are deleted first: also one that only an exchange that is deleted later leads to is awaited.
  const queues = waitingElsewhere(
    context,
    deletes.filter(({ kind }) => kind === 'queue'),
  )
  const all = new Map([...waitingElsewhere(context, deletes), ...queues])
  return new Map([...all].filter(([at]) => !mode.allowDelete.has(at)))
}

/** Counts what waits for an object that is about to be deleted, and says so; undefined where nothing does. */
export async function awaitedNow(
  client: ManagementClient,
  amqp: Amqp,
  queues: readonly Queue[] = [],
): Promise<string | undefined> {
  for (const vhost of new Set(queues.map((each) => each.vhost))) {
    const names = queues.filter((each) => each.vhost === vhost).map(({ name }) => name)
    for (const [name, count] of await countQueues({ amqp, client, vhost, names })) {
      const { messages } = requireCounted(count)
      if (messages > 0) {
        return `${messages} ${messages === 1 ? 'message waits' : 'messages wait'} for it in ${address('queue', vhost, name)}, and the plan named 0`
      }
    }
  }
  return undefined
}
