import type { ManagementClient } from '../../broker/management/client.ts'
import { isStopped } from '../../broker/amqp/connections/amqp.ts'
import { address } from '../../model/address.ts'
import type { Kind } from '../../model/topology.ts'
import type { Change, DeleteChange } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import { isDelete, isWrite, subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { modeOfPlan } from '../../plan/plan-mode.ts'
import { textIn } from '../../plan/compare/text-in.ts'
import type { ApplyRun, Outcomes } from '../apply-run.ts'
import { exchangesAlong, namedAlong, rightsAlong, unnamed } from './along.ts'
import { type Awaited, awaitedNow, findCountedOn } from './awaited.ts'
import { groupByAddress, groupByExchange, type LiveBinding, readBindings } from '../bindings.ts'
import { deleteExchange, deleteOldExchange } from './delete-exchange.ts'
import { deleteObject, deleteVhost } from './delete-object.ts'
import { deleteQueues, type QueueDelete, type QueueDeleted } from './delete-queues.ts'
import { exceedsApprovedImpact, StaleError } from './exceeds-approved-impact.ts'
import { explainFailure } from '../explain-failure.ts'
import { requiredByKept } from './required-by-kept.ts'
import type { Outcome } from '../report.ts'
import { forEachConcurrent } from '../for-each-concurrent.ts'
import type { LoweredLimit } from '../../plan/policies/lowered-limits.ts'
import { droppedNow } from '../write/dropped-now.ts'
import { verifyDeleted } from '../write/verify.ts'

/**
 * The order of deletes: first senders of messages, then the queues that hold them with their bindings, then other
 * routes, then the objects that these lead to. While a queue may be kept, the route of its dead letters is kept too,
 * and so are the policies that protect it.
 */
const ORDER: readonly Kind[] = [
  'parameter',
  'queue',
  'binding',
  'exchange',
  'policy',
  'operator-policy',
  'topic-permission',
  'permission',
  'user',
  'global-parameter',
  'vhost',
]

/** Makes the deletes of a plan, one kind after the other, and reads each kind back before the next. */
export async function deleteInOrder(run: ApplyRun, plan: Plan): Promise<void> {
  const { outcomes } = run
  const renames = plan.changes
    .filter(isExchangeRename)
    .filter(({ address }) => outcomes.get(address)?.status === 'done')
  const deletes = [...plan.changes.filter(isDelete), ...renames.map(deleteOfOld)]
  if (deletes.length === 0) return
  const undone = firstUndone(plan.changes, outcomes)
  const queues = new Set(deletes.filter(({ kind }) => kind === 'queue').map(({ address }) => address))
  const named = namedAlong(deletes)
  const { allowDelete } = modeOfPlan(plan)
  const read = await Promise.all([exchangesAlong(run.client, deletes), findCountedOn(run.client, plan)]).catch(
    (error: unknown) => {
      for (const change of deletes) failUnread(run, change, error)
    },
  )
  if (read === undefined) return
  const [vanishing, { awaited, senders, lowered }] = read
  const around = { renames, awaited, lowered, named }
  const ready = (group: readonly DeleteChange[]) => {
    const left = deletes.filter(({ address }) => isLeft(outcomes.get(address)))
    const leaned = left.length === 0 ? new Map<string, string>() : requiredByKept(left, deletes)
    return group.filter((change) => {
      const { address } = change
      const because = undone(vhostOf(subjectOf(change))) ?? leaned.get(sourceOf(change) ?? address)
      const reason =
        unnamed(vanishing.get(address), named) ??
        (allowDelete.has(address)
          ? undefined
          : exceedsApprovedImpact(change.impact, { bindings: [], senders: senders.get(address) ?? [] }))
      if (because !== undefined) run.end({ address, action: 'delete', status: 'skipped', because })
      else if (reason !== undefined) run.end({ address, action: 'delete', status: 'stale', reason })
      else if (run.signal?.aborted) run.end({ address, action: 'delete', status: 'interrupted' })
      else return true
      return false
    })
  }
  for (const kind of ORDER) {
    const group = deletes.filter((each) => each.kind === kind)
    if (kind === 'queue') {
      await deleteAllQueues(run, ready(group).filter(isQueue), awaited)
      // The bindings to a queue are deleted together with it, after its messages were counted.
      endBindings(run, deletes, queues)
    } else if (kind === 'binding') {
      const others = group.filter((each) => !isBindingTo(queues, each))
      await deleteSideBySide(run, ready(others), around)
    } else if (kind === 'exchange') {
      for (const batch of sendersFirst(group)) {
        await deleteSideBySide(run, ready(batch), around)
      }
    } else await deleteSideBySide(run, ready(group), around)
  }
}

/** The address of the exchange that a binding leads from. */
function sourceOf(change: DeleteChange): string | undefined {
  return change.kind === 'binding' ? address('exchange', change.before.vhost, change.before.source) : undefined
}

/**
 * Deletes exchanges before the alternate exchanges that they name. Exchanges that name each other are deleted
 * together.
 */
function* sendersFirst(group: readonly DeleteChange[]): Iterable<readonly DeleteChange[]> {
  let rest = group
  while (rest.length > 0) {
    const named = new Set(
      rest.flatMap(({ kind, before }) =>
        kind === 'exchange'
          ? textIn(before.arguments, 'alternate-exchange').map((name) => address('exchange', before.vhost, name))
          : [],
      ),
    )
    const unnamed = rest.filter((each) => !named.has(each.address))
    const batch = unnamed.length > 0 ? unnamed : rest
    yield batch
    const gone = new Set(batch)
    rest = rest.filter((each) => !gone.has(each))
  }
}

type ExchangeRename = Extract<Change, { kind: 'exchange'; action: 'rename' }>

function isExchangeRename(change: Change): change is ExchangeRename {
  return change.action === 'rename' && change.kind === 'exchange'
}

/** The exchange was renamed, and all of its users have moved to the new one. */
function deleteOfOld({ from, before, impact }: ExchangeRename): DeleteChange {
  return { action: 'delete', kind: 'exchange', address: from, before, ...(impact && { impact }) }
}

function isLeft(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && outcome.status !== 'done'
}

/** The first unfinished change of a virtual host, or of the whole broker. Objects that depend on it are not deleted. */
function firstUndone(
  changes: readonly Change[],
  outcomes: Outcomes,
): (vhost: string | undefined) => string | undefined {
  const undone = new Map<string | undefined, string>()
  for (const change of changes.filter(isWrite)) {
    const vhost = vhostOf(subjectOf(change))
    if (outcomes.get(change.address)?.status !== 'done' && !undone.has(vhost)) undone.set(vhost, change.address)
  }
  const [first] = undone.values()
  return (vhost) => (vhost === undefined ? first : (undone.get(vhost) ?? undone.get(undefined)))
}

/** Information that all deletes share. */
interface DeletesAround {
  readonly renames: readonly ExchangeRename[]
  readonly awaited: Awaited
  readonly lowered: readonly LoweredLimit[]
  /** Addresses that the plan deletes, or names as deleted by the broker. */
  readonly named: ReadonlySet<string>
}

/** Reports that an object was not deleted, because the objects that would be deleted with it could not be read. */
function failUnread(run: ApplyRun, change: DeleteChange, error: unknown): void {
  const { address, action } = change
  run.end({
    address,
    action,
    status: 'failed',
    ...explainFailure(error, change, run.client.user, run.client.secrets),
    maybeDone: false,
  })
}

async function deleteSideBySide(
  run: ApplyRun,
  changes: readonly DeleteChange[],
  { renames, awaited, lowered, named }: DeletesAround,
): Promise<void> {
  const { client, amqp } = run
  const read = await Promise.all([readBindingsAround(client, changes), rightsAlong(run, changes)]).catch(
    (error: unknown) => {
      for (const change of changes) failUnread(run, change, error)
    },
  )
  if (read === undefined) return
  const [live, rights] = read
  const byAddress = groupByAddress(live)
  const bindings = groupByExchange(live)
  const remove = async (change: DeleteChange): Promise<void> => {
    if (change.kind === 'queue') throw new Error('a queue is deleted only after its messages were counted')
    if (change.kind === 'vhost') return deleteVhost(run, change, named)
    const rename = renames.find(({ from }) => from === change.address)
    const reason =
      (rename === undefined ? unnamed(rights.get(change.address), named) : undefined) ??
      (await awaitedNow(client, amqp, awaited.get(change.address)?.kept)) ??
      (await droppedNow(client, amqp, lowered, change.address))
    if (reason !== undefined) throw new StaleError(reason)
    if (change.kind !== 'exchange') return deleteObject(client, change, byAddress.get(change.address) ?? [])
    return rename ? deleteOldExchange(run, rename) : deleteExchange(run, change, bindings.get(change.address) ?? [])
  }
  const deleted: DeleteChange[] = []
  await forEachConcurrent(changes, run.parallelism, async (change) => {
    const common = { address: change.address, action: change.action }
    if (run.signal?.aborted) return run.end({ ...common, status: 'interrupted' })
    try {
      await remove(change)
      deleted.push(change)
    } catch (error) {
      if (error instanceof StaleError) run.end({ ...common, status: 'stale', reason: error.message })
      else run.end({ ...common, status: 'failed', ...explainFailure(error, change, client.user, client.secrets) })
    }
  })
  for (const outcome of await verifyDeleted(run.client, deleted)) run.end(outcome)
}

/** Reads the bindings of the virtual hosts in which bindings or exchanges are deleted. */
async function readBindingsAround(
  client: ManagementClient,
  changes: readonly DeleteChange[],
): Promise<readonly LiveBinding[]> {
  const live: LiveBinding[] = []
  const unbinding = changes.filter(({ kind }) => kind === 'binding' || kind === 'exchange')
  for (const vhost of new Set(unbinding.flatMap((change) => vhostOf(subjectOf(change)) ?? []))) {
    live.push(...(await readBindings(client, vhost)))
  }
  return live
}

async function deleteAllQueues(run: ApplyRun, changes: readonly QueueDelete[], awaited: Awaited): Promise<void> {
  if (changes.length === 0) return
  const deleted: DeleteChange[] = []
  for (const vhost of new Set(changes.map(({ before }) => before.vhost))) {
    const here = changes.filter(({ before }) => before.vhost === vhost)
    try {
      const results = await deleteQueues(run, vhost, here, awaited)
      for (const change of here) {
        const result = results.get(change.address)
        if (result?.status === 'deleted') deleted.push(change)
        else if (result) run.end(outcomeOf(run, change, result))
      }
    } catch (error) {
      // Counting failed: nothing in this virtual host was deleted.
      for (const change of here) run.end(outcomeOf(run, change, { status: 'failed', error }))
    }
  }
  for (const outcome of await verifyDeleted(run.client, deleted)) run.end(outcome)
}

function outcomeOf(
  { client: { user, secrets } }: ApplyRun,
  change: QueueDelete,
  result: Exclude<QueueDeleted, { status: 'deleted' }>,
): Outcome {
  const common = { address: change.address, action: change.action }
  if (result.status === 'interrupted') return { ...common, status: 'interrupted' }
  if (result.status === 'failed' && isStopped(result.error)) return { ...common, status: 'interrupted' }
  if (result.status === 'failed') {
    return { ...common, status: 'failed', ...explainFailure(result.error, change, user, secrets) }
  }
  return change.removedDelay && result.messages > 0
    ? { ...common, status: 'kept', messages: result.messages }
    : { ...common, status: 'stale', reason: result.reason }
}

function isQueue(change: DeleteChange): change is QueueDelete {
  return change.kind === 'queue'
}

function isBindingTo(queues: ReadonlySet<string>, change: DeleteChange): boolean {
  if (change.kind !== 'binding' || change.before.destinationType !== 'queue') return false
  const { vhost, destination } = change.before
  return queues.has(address('queue', vhost, destination))
}

/** Ends the bindings of a queue with the outcome of the queue. */
function endBindings(run: ApplyRun, deletes: readonly DeleteChange[], queues: ReadonlySet<string>): void {
  const { outcomes } = run
  for (const change of deletes) {
    if (change.kind !== 'binding' || outcomes.has(change.address) || !isBindingTo(queues, change)) continue
    const { vhost, destination } = change.before
    const queue = address('queue', vhost, destination)
    const outcome = outcomes.get(queue)
    const common = { address: change.address, action: change.action }
    if (outcome?.status === 'done') run.end({ ...common, status: 'done' })
    else if (outcome?.status === 'interrupted') run.end({ ...common, status: 'interrupted' })
    else if (outcome?.status === 'kept') run.end({ ...common, status: 'kept', messages: outcome.messages })
    else run.end({ ...common, status: 'skipped', because: queue })
  }
}
