import type { ManagementClient } from '../broker/management/client.ts'
import { UnreachableError } from '../broker/management/errors.ts'
import { isStopped } from '../broker/amqp/connections/amqp.ts'
import type { Kind } from '../model/topology.ts'
import type { Change, WriteChange } from '../plan/change.ts'
import type { Plan } from '../plan/plan.ts'
import { isWrite } from '../plan/steps/subject.ts'
import { orderInWaves } from '../plan/order/waves.ts'
import { type ApplyOptions, ApplyRun, type Outcomes } from './apply-run.ts'
import { PartialChangeError } from './partial-change-error.ts'
import { deleteInOrder } from './delete/delete-in-order.ts'
import { StaleError } from './delete/exceeds-approved-impact.ts'
import { explainFailure } from './explain-failure.ts'
import { type WriteResult, executeChange } from './write/execute-change.ts'
import { isMoveChange, MoveProgress } from './migrate/move-progress.ts'
import { MoveStoppedError } from './migrate/queue-move.ts'
import { postponeLowerLimits } from './postpone-lower-limits.ts'
import type { Outcome, Report } from './report.ts'
import { type LookBeforeWrite, lookBeforeWrites } from './write/look-before-write.ts'
import { forEachConcurrent } from './for-each-concurrent.ts'
import { verifyWritten } from './write/verify.ts'

/**
 * Executes the changes of a plan that is not blocked.
 *
 * Independent changes run concurrently. Each wave is read back in bulk, because a success response does not prove that
 * the object is as declared: RabbitMQ answers 204 when a queue is redeclared with different unknown arguments, and
 * keeps the old ones. When a change fails, the changes that require it are skipped and the others continue. If
 * several consecutive changes get no answer, as many as may run at once, the broker counts as unreachable, and the
 * run ends. Deletes run last, and only in virtual hosts where everything else succeeded, because their replacement
 * might be missing.
 */
export async function applyPlan(client: ManagementClient, plan: Plan, options: ApplyOptions): Promise<Report> {
  if (plan.blocks.length > 0) throw new Error('a blocked plan cannot be applied')
  const run = new ApplyRun(client, plan, options)
  const { outcomes } = run
  const look = lookBeforeWrites(client, plan, options.amqp)
  const { early, late } = postponeLowerLimits(plan.changes)
  const { turn } = options
  await turn?.begin('writes')
  const isFirst = ({ kind }: Change) => turn?.isInCycle !== true || NAMED_IN_CYCLES.has(kind)
  await makeInWaves(run, { ...plan, changes: early.filter(isFirst) }, look, addressesOf(late))
  if (turn?.isInCycle === true) {
    await turn.begin('rest')
    const rest = early.filter((change) => !isFirst(change))
    await makeInWaves(run, { ...plan, changes: rest }, look, addressesOf(late))
  }
  await turn?.begin('deletes')
  // A vhost update that only lowers limits at the end does not prevent deletes in that vhost.
  const settled = plan.changes.filter(
    (change) => !addressesOf(late).has(change.address) || outcomes.has(change.address),
  )
  await deleteInOrder(run, { ...plan, changes: settled })
  const lowered = late.filter(({ address }) => !outcomes.has(address))
  await makeInWaves(run, { ...plan, changes: lowered }, look)
  return {
    format: 1,
    digest: plan.digest,
    outcomes: plan.changes.flatMap((change) => outcomeWithOld(change, outcomes)),
    interrupted: [...outcomes.values()].some(({ status }) => status === 'interrupted'),
  }
}

/** The kinds that other objects refer to. If projects refer to each other, these kinds come first. */
const NAMED_IN_CYCLES: ReadonlySet<Kind> = new Set(['vhost', 'user', 'exchange', 'queue'])

/** The rename of an exchange is complete only when the old exchange is deleted. */
function outcomeWithOld(change: Change, outcomes: Outcomes): Outcome[] {
  const outcome = outcomes.get(change.address)
  if (outcome === undefined) return []
  if (change.action !== 'rename' || change.kind !== 'exchange' || outcome.status !== 'done') return [outcome]
  const old = outcomes.get(change.from)
  if (old === undefined) return [outcome]
  // The new exchange exists, whether or not the old one was deleted.
  const half = old.status === 'failed' ? { ...old, maybeDone: true } : old
  return [{ ...half, address: change.address, action: change.action }]
}

function addressesOf(changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.map(({ address }) => address))
}

/** @param postponed addresses of changes that a later call completes, even if they succeed in this one */
async function makeInWaves(
  run: ApplyRun,
  plan: Plan,
  look: LookBeforeWrite,
  postponed: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { client, outcomes, parallelism, batch, signal, turn } = run
  const { waves, requires } = orderInWaves(plan.changes.filter(isWrite))
  const progress = new MoveProgress(plan.changes.filter(isWrite).filter(isMoveChange))
  const present = plan.unchanged + plan.undeclared + plan.prunable
  const unanswered: string[] = []
  const whyNot = ({ address }: WriteChange): string | undefined =>
    unanswered.length >= parallelism
      ? unanswered.at(-1)
      : requires.get(address)?.find((each) => isMissing(outcomes.get(each)) || turn?.isMissing(each) === true)

  for (const wave of waves) {
    const written = new Map<WriteChange, WriteResult>()
    const make = async (change: WriteChange) => {
      const { address, action } = change
      const because = whyNot(change)
      if (because !== undefined) return run.end({ address, action, status: 'skipped', because })
      if (signal?.aborted) return run.end({ address, action, status: 'interrupted' })
      try {
        await look(change)
        written.set(change, await executeChange(run, change))
        unanswered.length = 0
      } catch (error) {
        const cause = error instanceof PartialChangeError ? error.cause : error
        if (cause instanceof UnreachableError) unanswered.push(address)
        else unanswered.length = 0
        run.end(outcomeOf(error, change, client, signal))
      }
    }
    // Waves run one after the other: everything that a wave needs has been read back before it starts.
    await forEachConcurrent(
      wave.filter((change) => !takesBindings(change) && !isMoveChange(change)),
      parallelism,
      make,
    )
    await forEachConcurrent(wave.filter(isMoveChange), Math.min(batch, parallelism), async (change) => {
      await make(change)
      const text = progress.ended(change, written.get(change)?.moved?.messages)
      if (text !== undefined) run.progress(text)
    })
    await forEachConcurrent(wave.filter(takesBindings), 1, make)
    for (const outcome of await verifyWritten(client, written, present)) {
      // The second part of such a change follows, and reports its outcome.
      if (outcome.status !== 'done' || !postponed.has(outcome.address)) run.end(outcome)
    }
  }
}

function outcomeOf(
  error: unknown,
  change: WriteChange,
  { user, secrets }: ManagementClient,
  signal: AbortSignal | undefined,
): Outcome {
  const { address, action } = change
  if (error instanceof StaleError) return { address, action, status: 'stale', reason: error.message }
  const isInterrupted = error === signal?.reason || (isStopped(error) && !(error instanceof PartialChangeError))
  if (signal?.aborted && isInterrupted) return { address, action, status: 'interrupted' }
  if (error instanceof MoveStoppedError && error.code === 'INTERRUPTED') {
    return { address, action, status: 'interrupted', begun: true }
  }
  return { address, action, status: 'failed', ...explainFailure(error, change, user, secrets) }
}

/** Whether a change removes and restores bindings, which needs the objects at their other ends. */
function takesBindings(change: WriteChange): boolean {
  // These changes run one after the other, so that a hash exchange always keeps a bound destination.
  if (change.action === 'replace') return change.kind !== 'queue' || change.how === 'recreate'
  return change.action === 'rename' && change.kind === 'exchange'
}

function isMissing(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && outcome.status !== 'done'
}
