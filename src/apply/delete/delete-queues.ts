import type { ManagementClient } from '../../broker/management/client.ts'
import { ManagementError } from '../../broker/management/errors.ts'
import type { DeleteChange, Impact } from '../../plan/change.ts'
import type { ApplyRun } from '../apply-run.ts'
import { type Awaited, awaitedNow } from './awaited.ts'
import { PartialChangeError } from '../partial-change-error.ts'
import { countQueues, type QueueCount, type Uncounted } from '../counting/count-queues.ts'
import { deleteIfUnchanged } from './delete-if-unchanged.ts'
import { bringBack } from './dependents.ts'
import { exceedsApprovedImpact, StaleError } from './exceeds-approved-impact.ts'
import { groupByQueue, type LiveBinding, readBindings, unbind } from '../bindings.ts'
import { forEachConcurrent } from '../for-each-concurrent.ts'
import { untilRouted } from '../replace/until-routed.ts'

export type QueueDelete = Extract<DeleteChange, { kind: 'queue' }>

/** The outcome of deleting a queue. */
export type QueueDeleted =
  | { readonly status: 'deleted' }
  /** More is at risk than the plan named; the queue is unchanged. */
  | { readonly status: 'stale'; readonly reason: string; readonly messages: number }
  | { readonly status: 'failed'; readonly error: unknown }
  /** The run was stopped before it deleted the queue, which is unchanged. */
  | { readonly status: 'interrupted' }

/**
 * Deletes queues of one virtual host that contain no more than the plan named. It counts, removes all bindings,
 * counts again, and checks each queue once more right before deleting it. If messages arrived meanwhile, or the
 * content of a queue is unknown, the queue is kept and its bindings are restored.
 *
 * @param awaited queues to count again, because their messages need a queue that is to be deleted
 */
export async function deleteQueues(
  run: ApplyRun,
  vhost: string,
  changes: readonly QueueDelete[],
  awaited: Awaited,
): Promise<ReadonlyMap<string, QueueDeleted>> {
  const { client, parallelism, signal } = run
  const amqp = run.requireAmqp()
  const names = changes.map(({ before }) => before.name)
  const results = new Map<string, QueueDeleted>()
  const settle = (change: QueueDelete, result: QueueDeleted) => void results.set(change.address, result)
  const pending = () => changes.filter(({ address }) => !results.has(address))

  const bindings = groupByQueue(await readBindings(client, vhost))
  const boundTo = ({ before }: QueueDelete) => bindings.get(before.name) ?? []
  const before = await countQueues({ amqp, client, vhost, names, preliminary: true, ...(signal && { signal }) })
  for (const change of changes) {
    const stale = whatIsStale(
      change.impact,
      before.get(change.before.name),
      boundTo(change).filter(({ address }) => !run.made.has(address)),
    )
    if (stale) settle(change, stale)
  }
  // A message that expires elsewhere after the queue was unbound would be lost uncounted.
  await forEachConcurrent(pending(), parallelism, async (change) => {
    const waiting = await whatWaits(change).catch(failed)
    if (waiting !== undefined) settle(change, waiting)
  })

  const leave = async (change: QueueDelete, why: QueueLeft) => {
    const missing = await bindAgain(client, boundTo(change))
    settle(
      change,
      missing.length === 0 ? why : { status: 'failed', error: new PartialChangeError(causeOf(why), missing) },
    )
  }

  await forEachConcurrent(pending(), parallelism, async (change) => {
    try {
      for (const binding of boundTo(change)) await unbind(client, binding)
    } catch (error) {
      await leave(change, { status: 'failed', error })
    }
  })
  const settled = await lookSettled(performance.now())

  /** @param since when the last binding was removed */
  async function lookSettled(since: number) {
    if (pending().length === 0) return NOTHING_SEEN
    try {
      if (pending().some((each) => boundTo(each).length > 0)) await untilRouted(client, since, signal)
      const left = pending().map((each) => each.before.name)
      const counts = await countQueues({ amqp, client, vhost, names: left, since, ...(signal && { signal }) })
      return { counts, bindings: groupByQueue(await readBindings(client, vhost)) }
    } catch (error) {
      // Nothing is deleted, because it is unknown which messages arrived meanwhile.
      const why: QueueLeft = signal?.aborted ? { status: 'interrupted' } : { status: 'failed', error }
      await forEachConcurrent(pending(), parallelism, (change) => leave(change, why))
      return NOTHING_SEEN
    }
  }

  for (const batch of waitingFirst(pending(), awaited)) await forEachConcurrent(batch, parallelism, removeUnbound)
  return results

  /** Checks the queues whose messages have to arrive in a queue before it may be deleted. */
  async function whatWaits({ address }: QueueDelete): Promise<QueueLeft | undefined> {
    const { kept = [], deleted = [] } = awaited.get(address) ?? {}
    const left = deleted.find((each) => (results.get(each)?.status ?? 'deleted') !== 'deleted')
    const reason =
      left === undefined ? await awaitedNow(client, amqp, kept) : `${left} is kept, and its messages need this queue`
    return reason === undefined ? undefined : { status: 'stale', reason, messages: 0 }
  }

  async function removeUnbound(change: QueueDelete): Promise<void> {
    const { name } = change.before
    // The queue was unbound, so every existing binding was created by another client since then.
    const unbound = { ...NO_IMPACT, ...change.impact, bindings: [] }
    const stopped = signal?.aborted ? ({ status: 'interrupted' } as const) : undefined
    const stale = stopped ?? whatIsStale(unbound, settled.counts.get(name), settled.bindings.get(name) ?? [])
    if (stale) return leave(change, stale)
    try {
      const waiting = await whatWaits(change)
      if (waiting !== undefined) return await leave(change, waiting)
      const exceeded = await deleteIfUnchanged(client, amqp, change.before, change.impact)
      if (exceeded) await leave(change, { status: 'stale', ...exceeded })
      else settle(change, { status: 'deleted' })
    } catch (error) {
      await leave(change, { status: 'failed', error })
    }
  }
}

/**
 * Deletes queues before the queues that their messages may wait for. Queues that wait for each other are deleted
 * together.
 */
function* waitingFirst(changes: readonly QueueDelete[], awaited: Awaited): Iterable<readonly QueueDelete[]> {
  let rest = changes
  while (rest.length > 0) {
    const left = new Set(rest.map(({ address }) => address))
    const free = rest.filter(({ address }) => !awaited.get(address)?.before.some((each) => left.has(each)))
    const batch = free.length > 0 ? free : rest
    yield batch
    const done = new Set(batch)
    rest = rest.filter((each) => !done.has(each))
  }
}

function failed(error: unknown): QueueLeft {
  return { status: 'failed', error }
}

const NO_IMPACT = { bindings: [], undeclaredBindings: 0 }
const NOTHING_SEEN = {
  counts: new Map<string, QueueCount | Uncounted>(),
  bindings: new Map<string, readonly LiveBinding[]>(),
}

type QueueLeft = Exclude<QueueDeleted, { status: 'deleted' }>

function causeOf(why: QueueLeft): unknown {
  switch (why.status) {
    case 'failed':
      return why.error
    case 'stale':
      return new StaleError(why.reason)
    case 'interrupted':
      return new Error('the run was stopped before it was deleted')
  }
}

function whatIsStale(
  impact: Impact | undefined,
  count: QueueCount | Uncounted | undefined,
  bindings: readonly LiveBinding[],
): QueueLeft | undefined {
  if (count !== undefined && 'uncounted' in count) return { status: 'failed', error: count.error }
  const now = { ...count, bindings: bindings.map(({ address }) => address) }
  const reason = exceedsApprovedImpact(impact, now)
  return reason === undefined ? undefined : { status: 'stale', reason, messages: count?.messages ?? 0 }
}

/** @returns the addresses of bindings that could not be restored although both of their ends exist */
async function bindAgain(client: ManagementClient, bindings: readonly LiveBinding[]): Promise<readonly string[]> {
  try {
    await bringBack(client, { bindings: bindings.map(({ binding }) => binding), rights: [] }, isGone)
    return []
  } catch (error) {
    if (error instanceof PartialChangeError) return error.missing
    throw error
  }
}

/** A binding without one of its ends no longer exists anyway. */
function isGone(error: unknown): boolean {
  return error instanceof ManagementError && error.isNotFound()
}
