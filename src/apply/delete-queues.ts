import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagementClient } from '../management/client.ts'
import { deletes } from '../management/writes.ts'
import type { Amqp } from '../messages/amqp.ts'
import type { DeleteChange } from '../plan/plan.ts'
import { countQueues, type QueueCount } from './count-queues.ts'
import { exceedsStake } from './exceeds-stake.ts'
import { bind, isBoundTo, type LiveBinding, readBindings, unbind } from './live-bindings.ts'
import { runSideBySide } from './run-side-by-side.ts'

export type QueueDelete = Extract<DeleteChange, { kind: 'queue' }>

/** How the deletion of a queue ended. */
export type QueueDeleted =
  | { readonly status: 'deleted' }
  /** More is at stake than the plan named; the queue is as it was. */
  | { readonly status: 'stale'; readonly reason: string; readonly messages: number }
  | { readonly status: 'failed'; readonly error: unknown }
  /** The run was to stop before it was deleted; it is as it was. */
  | { readonly status: 'interrupted' }

export interface DeleteQueuesOptions {
  readonly client: ManagementClient
  readonly amqp: Amqp
  /** How many requests may be under way at once. */
  readonly parallelism: number
  /** Addresses of bindings that the run has made itself: they put nothing at stake. */
  readonly made: ReadonlySet<string>
  /** When aborted, what is not deleted yet stays, with its bindings. */
  readonly signal?: AbortSignal
}

/**
 * The API sees messages up to about five seconds late, so an empty queue is believed only some time after nothing could
 * come into it any more, in milliseconds.
 */
const SETTLING = 6_000

/**
 * Deletes queues of one virtual host that hold no more than the plan named: counts, takes all bindings away, waits until
 * every count is of the time after that, counts again, and puts the bindings back where something came meanwhile.
 */
export async function deleteQueues(
  options: DeleteQueuesOptions,
  vhost: string,
  changes: readonly QueueDelete[],
): Promise<ReadonlyMap<string, QueueDeleted>> {
  const { client, amqp, parallelism, signal } = options
  const names = changes.map(({ before }) => before.name)
  const results = new Map<string, QueueDeleted>()
  const settle = (change: QueueDelete, result: QueueDeleted) => void results.set(change.address, result)
  const pending = () => changes.filter(({ address }) => !results.has(address))

  const bindings = groupByQueue(await readBindings(client, vhost))
  const boundTo = ({ before }: QueueDelete) => bindings.get(before.name) ?? []
  const before = await countQueues(amqp, client, vhost, names)
  for (const change of changes) {
    const stale = whatIsStale(
      change,
      before.get(change.before.name),
      boundTo(change).filter(({ address }) => !options.made.has(address)),
    )
    if (stale) settle(change, stale)
  }

  await runSideBySide(pending(), parallelism, async (change) => {
    try {
      for (const binding of boundTo(change)) await unbind(client, binding)
    } catch (error) {
      settle(change, { status: 'failed', error })
      await bindAgain(client, boundTo(change))
    }
  })
  const after = await countSettled()

  async function countSettled() {
    if (pending().length === 0) return new Map<string, QueueCount>()
    try {
      await sleep(SETTLING, undefined, { ...(signal && { signal }) })
      const left = pending().map((each) => each.before.name)
      return await countQueues(amqp, client, vhost, left)
    } catch (error) {
      // Nobody can tell what came meanwhile, so that nothing is deleted.
      for (const change of pending()) {
        settle(change, signal?.aborted ? { status: 'interrupted' } : { status: 'failed', error })
        await bindAgain(client, boundTo(change))
      }
      return new Map<string, QueueCount>()
    }
  }

  await runSideBySide(pending(), parallelism, async (change) => {
    const stopped = signal?.aborted ? ({ status: 'interrupted' } as const) : undefined
    const stale = stopped ?? whatIsStale(change, after.get(change.before.name), [])
    if (stale) {
      settle(change, stale)
      await bindAgain(client, boundTo(change))
      return
    }
    try {
      await deletes.queue(client, vhost, change.before.name, isCheckedByBroker(change))
      settle(change, { status: 'deleted' })
    } catch (error) {
      settle(change, { status: 'failed', error })
      await bindAgain(client, boundTo(change))
    }
  })
  return results
}

/** Only classic queues know `if-empty`: quorum queues refuse it, and streams ignore it (rabbit_mgmt_wm_queue). */
function isCheckedByBroker({ before, stake }: QueueDelete): boolean {
  return before.type === 'classic' && (stake?.messages ?? 0) === 0
}

function whatIsStale(
  { stake }: QueueDelete,
  count: QueueCount | undefined,
  bindings: readonly LiveBinding[],
): QueueDeleted | undefined {
  const now = { ...count, bindings: bindings.map(({ address }) => address) }
  const reason = exceedsStake(stake, now)
  return reason === undefined ? undefined : { status: 'stale', reason, messages: count?.messages ?? 0 }
}

/** Whether or not it works is told by the next plan; the first reason is the one to tell. */
async function bindAgain(client: ManagementClient, bindings: readonly LiveBinding[]): Promise<void> {
  await Promise.allSettled(bindings.map(({ binding }) => bind(client, binding)))
}

function groupByQueue(bindings: readonly LiveBinding[]): ReadonlyMap<string, readonly LiveBinding[]> {
  const groups = new Map<string, LiveBinding[]>()
  for (const each of bindings) {
    if (!isBoundTo(each.binding.destination)(each)) continue
    const group = groups.get(each.binding.destination)
    if (group) group.push(each)
    else groups.set(each.binding.destination, [each])
  }
  return groups
}
