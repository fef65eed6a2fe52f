import { exceedsApprovedImpact } from '../../apply/delete/exceeds-approved-impact.ts'
import { addressOf, canonicalJson } from '../../model/address.ts'
import { type ObjectOf, objectsOf, type Topology, topologyOf } from '../../model/topology.ts'
import { capturedObjects } from '../../plan/policies/captured.ts'
import { loweredLimitBlocks, loweredLimits } from '../../plan/policies/lowered-limits.ts'
import { guard } from '../../plan/guards/guards.ts'
import type { Note } from '../../plan/note.ts'
import { PlanContext } from '../../plan/plan-context.ts'
import { planDelete } from '../../plan/steps/plan-deletes.ts'
import { modeOfPlan } from '../../plan/plan-mode.ts'
import { planObject } from '../../plan/steps/plan-object.ts'
import { isReferenced } from '../../plan/saved/portable-plan.ts'
import type { PlannedTopology } from '../../plan/planned-topology.ts'
import type { Block } from '../../plan/block.ts'
import type { Change, Difference, Impact } from '../../plan/change.ts'
import type { RecordChange } from '../../plan/ownership/planned-ownership.ts'
import { queueLimits } from '../../plan/guards/queue-limits.ts'
import { silentQueues } from '../../plan/guards/silent-queues.ts'
import { isGone, isOwnedElsewhere } from '../../plan/ownership/record-changes.ts'
import { type BoundPlan, deletedByCascade, type StaleObject } from '../../plan/saved/saved-plan.ts'
import { preflight } from '../../plan/migration/preflight.ts'
import type { Step } from '../../plan/steps/step.ts'
import { waitingElsewhere, waitingElsewhereBlocks } from '../../plan/guards/waiting-elsewhere.ts'
import { isDelete, isWrite, isRebind, subjectOf, unboundBy } from '../../plan/steps/subject.ts'
import { unsupportedBy } from '../../plan/broker-support/unsupported.ts'
import { OwnEntries } from '../../broker/records/ownership.ts'

/** The result of planning a saved plan again on the current broker. */
export interface Rechecked {
  /** The changes as planned now, with the approved impact. */
  readonly changes: readonly Change[]
  readonly blocks: readonly Block[]
  /** The records to write, without entries that contradict the broker. */
  readonly records: readonly RecordChange[]
  /** About the limits of queues, and queues that do not answer. */
  readonly notes: readonly Note[]
  /** Objects for which the plan would now have other changes. */
  readonly stale: readonly StaleObject[]
}

/**
 * Plans the changes of a saved plan again, against the current broker and its records. The file is not trusted about
 * protection, ownership and impact.
 *
 * @param changes the remaining changes, with secrets
 * @param live with the message counts of the objects to be deleted
 */
export function recheckPlan(saved: BoundPlan, changes: readonly Change[], live: PlannedTopology): Rechecked {
  const context = contextOf(saved, changes, live)
  const desired = context.desired
  const gone = new Set(changes.filter(isDelete).map(({ address }) => address))
  const checked = changes.map((change) => recheck(context, change, stepOf(context, change, gone)))
  const left = checked.flatMap(({ change }) => change ?? [])
  const adopts = saved.ownership.adopts.filter((at) => context.stateOf(at) === undefined)
  const entered = new Set(saved.ownership.records.flatMap(({ vhost, drop }) => (drop.length > 0 ? [vhost] : [])))
  const limits = queueLimits(context, saved.project, left)
  const silent = silentQueues(desired, live)
  return {
    changes: left,
    blocks: [
      ...checked.flatMap(({ blocks }) => blocks),
      ...guard(context, { desired, changes: left, adopts }),
      ...silent.blocks,
      ...limits.blocks,
      ...capturedObjects(context, left).blocks,
      ...preflight(live, left),
      ...waitingElsewhereBlocks(context, waitingElsewhere(context, left)),
      ...loweredLimitBlocks(context, loweredLimits(context, left)),
    ],
    records: saved.ownership.records.flatMap((each) => recheckRecord(context, each, entered)),
    notes: [...limits.notes, ...silent.notes],
    stale: [...checked.flatMap(({ stale }) => stale ?? []), ...staleAdoptions(context, saved, changes)],
  }
}

/** The context in which a saved plan is planned again. */
export function contextOf(saved: BoundPlan, changes: readonly Change[], live: PlannedTopology): PlanContext {
  return new PlanContext(wanted(saved, changes, live), live, modeOfPlan(saved))
}

/**
 * The objects of the project that the broker should have afterwards: those that the plan creates, and owned objects
 * that it does not change.
 */
function wanted(saved: BoundPlan, changes: readonly Change[], { topology, ownership }: PlannedTopology): Topology {
  const known = ownership === undefined || ownership === 'unknown' ? undefined : ownership
  const own = known && new OwnEntries(known, new Set(saved.vhosts))
  const adopted = new Set(saved.ownership.records.flatMap(({ adopt }) => adopt))
  const gone = new Set([...saved.changes, ...changes].flatMap(removedBy))
  const made = new Map([...saved.changes, ...changes].filter(isWrite).map((change) => [change.address, change]))
  const keeps = (at: string) => !made.has(at) && !gone.has(at) && (own?.stateOf(at) !== undefined || adopted.has(at))
  const after = topologyOf((kind) => [
    ...objectsOf(kind, topology).filter((each) => keeps(addressOf(kind, each))),
    ...[...made.values()].flatMap((change) =>
      change.kind === kind ? [subjectOf(change).object as ObjectOf[typeof kind]] : [],
    ),
  ])
  const unnamed = saved.vhosts.filter((name) => after.vhosts.every((each) => each.name !== name))
  return { ...after, vhosts: [...after.vhosts, ...unnamed.map((name) => ({ name, claimed: false }))] }
}

function removedBy(change: Change): string[] {
  if (isRebind(change)) return unboundBy(change)
  return change.action === 'delete' ? [change.address] : change.action === 'rename' ? [change.from] : []
}

function stepOf(context: PlanContext, change: Change, gone: ReadonlySet<string>): Step | undefined {
  const { kind, object } = subjectOf(change)
  if (change.action !== 'delete') return planObject(context, kind, object)
  return planDelete(context, { kind, object } as never, { waiting: new Map(), gone })
}

interface Checked {
  readonly change?: Change
  readonly blocks: readonly Block[]
  readonly stale?: StaleObject
}

function recheck(context: PlanContext, saved: Change, step: Step | undefined): Checked {
  const { change: now, blocks = [] } = step ?? {}
  if (now === undefined) {
    // The object is protected or owned by another project, or there is nothing left to do.
    const isKept = saved.action === 'delete' && blocks.length === 0
    return isKept ? { blocks, stale: staleOf(saved) } : { blocks }
  }
  const isOther =
    now.action !== saved.action || now.kind !== saved.kind || isOtherWay(saved, now) || differs(saved, now)
  // A missing decision or permission is reported as a block.
  if (isOther && !(blocks.length > 0 && now.action === saved.action)) return { blocks: [], stale: staleOf(saved) }
  const what = now.action === 'delete' ? undefined : unsupportedBy(context.live.broker, now, context)
  const unsupported: Block[] = what === undefined ? [] : [{ reason: 'unsupported', address: now.address, what }]
  return {
    change: withApproved(context, saved, now),
    blocks: [...blocks.filter((block) => !isStoppedLater(saved, block)), ...unsupported],
  }
}

/**
 * Corrects a record change. If an object was missing and exists again, its ownership and protection are kept. An
 * entry is also kept if no other record contains it any more.
 */
function recheckRecord(
  context: PlanContext,
  { vhost, forget, drop, unprotect, ...rest }: RecordChange,
  entered: ReadonlySet<string>,
): RecordChange[] {
  const kept = new Set([
    ...forget.filter((at) => !isGone(context, at)),
    ...drop.filter((at) => !isOwnedElsewhere(context, vhost, at, entered)),
  ])
  const leaves = (at: string) => !kept.has(at)
  const lists = {
    ...rest,
    forget: forget.filter(leaves),
    drop: drop.filter(leaves),
    unprotect: unprotect.filter(leaves),
  }
  return Object.values(lists).some((list) => list.length > 0) ? [{ vhost, ...lists }] : []
}

/** Objects that the plan would adopt but that no longer exist, except for those that it deletes itself. */
function staleAdoptions(context: PlanContext, saved: BoundPlan, left: readonly Change[]): StaleObject[] {
  const made = new Set(saved.changes.map(({ address }) => address))
  const pending = new Set(left.map(({ address }) => address))
  const done = new Set([...made].filter((at) => !pending.has(at)))
  const cascaded = deletedByCascade(saved, done, context.liveIndex)
  return saved.ownership.records
    .flatMap(({ adopt }) => adopt)
    .filter((at) => !made.has(at) && !cascaded.has(at) && isGone(context, at))
    .map((address) => ({ address, planned: 'present', found: 'absent', differences: [] }))
}

/**
 * The effects of a change on other objects: the source and messages of a rename, and the bindings that change with
 * it.
 */
const WAYS = ['how', 'from', 'drops', 'carries', 'bindsAs', 'rebinds', 'unbinds'] as const

function isOtherWay(saved: Change, now: Change): boolean {
  if ('resumes' in now && now.resumes) return false
  const [planned, found] = [saved, now] as unknown as readonly Partial<Record<string, unknown>>[]
  return WAYS.some((way) => canonicalOf(planned?.[way] ?? []) !== canonicalOf(found?.[way] ?? []))
}

/** Whether a change would now have other effects than the plan says. The values of references may differ. */
function differs(saved: Change, now: Change): boolean {
  if (saved.action === 'delete') return false
  if (!('differences' in saved) || !('differences' in now) || ('resumes' in now && now.resumes)) return false
  const { references = [] } = saved.after
  const shown = (difference: Difference) => isPlain(difference) && !isReferenced(difference, references)
  const planned = saved.differences.filter(shown)
  const found = now.differences.filter(shown)
  return planned.length !== found.length || planned.some((each, at) => !isSame(each, found[at]))
}

function isPlain(difference: Difference): boolean {
  return !('secret' in difference)
}

/**
 * The previous value may be a secret, which a saved plan masks. The new value is never masked, or the plan could not be
 * saved.
 */
function isSame(planned: Difference, found: Difference | undefined): boolean {
  const isHidden = 'before' in planned && canonicalOf(planned.before).includes('secret)')
  const comparable = (difference: object | undefined) => canonicalOf({ ...difference, ...(isHidden && { before: '' }) })
  return comparable(planned) === comparable(found)
}

function canonicalOf(value: unknown): string {
  return canonicalJson(JSON.parse(JSON.stringify(value)))
}

function staleOf({ address, action }: Change): StaleObject {
  return { address, planned: action === 'create' ? 'absent' : 'present', found: 'changed', differences: [] }
}

/** If messages have arrived since the plan was saved, the step itself stops, because it counts again. */
function isStoppedLater(saved: Change, block: Block): boolean {
  if (block.reason !== 'data-loss') return false
  if (saved.action === 'delete' && saved.removedDelay === true) return true
  return exceedsApprovedImpact(impactOf(saved), block.impact) !== undefined
}

/**
 * The impact above which a step stops. The numbers of the file count only if a loss is allowed, or if more is at risk
 * than they say.
 */
function withApproved({ mode }: PlanContext, saved: Change, now: Change): Change {
  const [planned, found] = [impactOf(saved), impactOf(now)]
  const removedDelay = saved.action === 'delete' && saved.removedDelay === true ? { removedDelay: true } : {}
  if (planned === undefined || found === undefined) return { ...now, ...removedDelay } as Change
  const isAllowed = mode.allowDelete.has(now.address) || mode.allowReplace.has(now.address)
  const { senders: _senders, ...approved } =
    isAllowed || exceedsApprovedImpact(planned, counted(found)) ? planned : found
  // Messages that other clients send there block the plan, even if the file does not say so.
  const impact = { ...approved, ...(found.senders && { senders: found.senders }) }
  return { ...now, ...removedDelay, impact } as Change
}

function counted({ senders: _senders, ...impact }: Impact): Omit<Impact, 'senders'> {
  return impact
}

function impactOf(change: Change): Impact | undefined {
  return 'impact' in change ? change.impact : undefined
}
