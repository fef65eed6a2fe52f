import { addressOf } from '../model/address.ts'
import { isBuiltInExchange } from '../model/built-in-exchange.ts'
import type { HandOver } from '../model/desired.ts'
import { type Kind, KINDS, type ObjectOf, objectsOf, type Topology } from '../model/topology.ts'
import { capturedObjects } from './policies/captured.ts'
import { completedNotes } from './steps/completed.ts'
import { SecretRegistry } from '../model/secrets/secret-registry.ts'
import { digestOf } from './saved/digest.ts'
import { droppedDeadLetters } from './policies/dropped-dead-letters.ts'
import { guard } from './guards/guards.ts'
import { PlanContext } from './plan-context.ts'
import { planHandOver, type PlannedHandOver } from './ownership/plan-hand-over.ts'
import { planDeletes, undeclaredOwned } from './steps/plan-deletes.ts'
import { permittedMode } from './globs-in-mode.ts'
import { DEFAULT_MODE, type PlanMode, plannedMode } from './plan-mode.ts'
import { planObject } from './steps/plan-object.ts'
import { unmatchedRebinds } from './steps/plan-rebind.ts'
import { addressesIn, without } from '../broker/records/ownership.ts'
import type { PlannedTopology } from './planned-topology.ts'
import { loweredLimitBlocks, loweredLimits } from './policies/lowered-limits.ts'
import { policyNotes } from './policies/policy-notes.ts'
import { portablePlan } from './saved/portable-plan.ts'
import type { Block } from './block.ts'
import type { Change, FixedKind } from './change.ts'
import type { Elsewhere, PlannedOwnership } from './ownership/planned-ownership.ts'
import type { NotCompared, Plan, PlannedFiles } from './plan.ts'
import { queueLimits } from './guards/queue-limits.ts'
import { silentQueues } from './guards/silent-queues.ts'
import { recordChanges } from './ownership/record-changes.ts'
import type { Step } from './steps/step.ts'
import { addressOfSubject, type Subject, subjectOf, vhostOf } from './steps/subject.ts'
import { preflight, uncheckedMoves } from './migration/preflight.ts'
import { expectedNotes, notMigratedNotes } from './steps/step-notes.ts'
import { narrow, narrowNotCompared } from './guards/targets.ts'
import { absentDeletes, idleGlobs, unmatchedAddresses } from './guards/unmatched-addresses.ts'
import { unsupportedBy } from './broker-support/unsupported.ts'
import { waitingElsewhere, waitingElsewhereBlocks } from './guards/waiting-elsewhere.ts'
import { unmanagedTouching } from './ownership/unmanaged-touching.ts'
import type { UnreadKind } from './note.ts'

/** The input of the planner. */
export interface PlanInput {
  readonly project: string
  readonly files: PlannedFiles
  readonly desired: Topology
  /** The objects that the project takes over. Default: none. */
  readonly handOver?: HandOver
  readonly live: PlannedTopology
  /** Default: create and update. */
  readonly mode?: PlanMode
  /** Declared objects that are not part of `desired`, because the login may not read them. Default: none. */
  readonly notCompared?: readonly NotCompared[]
  /** Kinds that were not read and whose objects could affect the declared ones. Default: none. */
  readonly unread?: readonly UnreadKind[]
  /**
   * Whether to check declared objects without changes against the version of the broker, too. A live broker already
   * contains these objects, but a definitions file is loaded by a broker of the version that it names. Default false.
   */
  readonly checksUnchanged?: boolean
  /** Secrets of the run, on which the digest must not depend. Default: none. */
  readonly secrets?: SecretRegistry
}

/**
 * Compares the live topology with the desired one. It uses neither a broker nor a clock, and the same input gives the
 * same plan.
 */
export function makePlan({
  project,
  files,
  desired,
  handOver,
  live: found,
  mode = DEFAULT_MODE,
  notCompared: left = [],
  unread = [],
  checksUnchanged = false,
  secrets = new SecretRegistry(),
}: PlanInput): Plan {
  const handed =
    found.ownership === undefined || found.ownership === 'unknown'
      ? undefined
      : planHandOver({ ownership: found.ownership, desired, handOver, live: found, mode })
  const live = handed === undefined ? found : { ...found, ownership: handed.ownership }
  const context = new PlanContext(desired, live, mode)
  const declared = mode.destroy ? [] : KINDS.flatMap((kind) => planKind(context, kind, desired))
  const all = [...declared, ...planDeletes(context)]
  const steps = narrow(all, mode)
  const changes = steps.flatMap(({ change }) => (change ? [change] : [])).toSorted(byScopeKindAndAddress)
  const limits = queueLimits(context, project, changes)
  const silent = silentQueues(desired, live)
  const captured = capturedObjects(context, changes)
  const blocks = [
    ...steps.flatMap((step) => step.blocks ?? []),
    ...changes.flatMap((change) => unsupported(context, change)),
    ...(checksUnchanged ? steps.flatMap((step) => unsupportedUnchanged(context, step)) : []),
    ...unfinished(context),
    ...silent.blocks,
    ...unmatchedAddresses(context, [...all, ...left.flatMap(asSteps)]),
    ...unmatchedRebinds(context),
    ...guard(context, { desired, changes, adopts: adoptedBy(steps) }),
    ...limits.blocks,
    ...captured.blocks,
    ...preflight(live, changes),
    ...waitingElsewhereBlocks(context, waitingElsewhere(context, changes)),
    ...loweredLimitBlocks(context, loweredLimits(context, changes)),
    ...(handed?.blocks ?? []),
  ]
  const notCompared = narrowNotCompared(left, mode)
  const owned = undeclaredOwned(context)
  const deletes = changes.filter(({ action }) => action === 'delete').length
  const kept = steps.flatMap((step) => step.kept ?? [])
  const adopted = adoptedLeft(context, owned, [...changes, ...kept])
  const ownership = plannedOwnership(context, { steps, desired, changes, handed })
  const aboutPolicies = [...captured.notes, ...policyNotes(desired, live)]
  const plan: Omit<Plan, 'digest'> = {
    format: 2,
    project,
    broker: { name: live.broker.name, version: live.broker.version, url: live.broker.url },
    files,
    vhosts: [...context.vhosts].toSorted(),
    mode: plannedMode(permittedMode(mode, changes, context.mode)),
    ...(notCompared.length > 0 && { notCompared }),
    ownership,
    changes,
    blocks: blocks.toSorted((a, b) => order(a.address, b.address)),
    unknowns: steps.flatMap(({ unknowns }) => unknowns ?? []).toSorted((a, b) => order(a.address, b.address)),
    notes: [
      ...limits.notes,
      ...silent.notes,
      ...completedNotes(context.completed, steps),
      ...notMigratedNotes(steps),
      ...uncheckedMoves(live, changes),
      ...expectedNotes(steps),
      ...absentDeletes(context, [...all, ...left.flatMap(asSteps)]),
      ...idleGlobs(context, [...all, ...left.flatMap(asSteps)]),
      ...droppedDeadLetters(live, changes),
      ...aboutPolicies,
      ...unmanagedTouching(context, withoutExcluded(unread, left, notCompared), aboutPolicies),
    ],
    kept: kept.toSorted((a, b) => order(a.address, b.address)),
    unchanged: steps.filter(isUnchanged).length,
    prunable: owned.length - deletes,
    ...(adopted > 0 && { prunableAdopted: adopted }),
    undeclared: countUndeclared(context, live.topology),
  }
  return { ...plan, digest: digestOf(portablePlan({ ...plan, digest: '' }, secrets)) }
}

function planKind<K extends Kind>(context: PlanContext, kind: K, desired: Topology): Step[] {
  return objectsOf(kind, desired).map((object) => planObject(context, kind, object))
}

/** Leaves out kinds if the plan excludes all of the objects that it could not compare. */
function withoutExcluded(
  unread: readonly UnreadKind[],
  left: readonly NotCompared[],
  narrowed: readonly NotCompared[],
): UnreadKind[] {
  const includes = (list: readonly NotCompared[], kind: UnreadKind) => list.some(({ what }) => what === kind)
  return unread.filter((kind) => !includes(left, kind) || includes(narrowed, kind))
}

function asSteps({ addresses }: NotCompared): Step[] {
  return addresses.map((address) => ({ address }))
}

function isUnchanged({ change, blocks = [], kept, isCompleted, expectedOf, notMigrated }: Step): boolean {
  const isThere = isCompleted === undefined && expectedOf === undefined && notMigrated === undefined
  return change === undefined && blocks.length === 0 && kept === undefined && isThere
}

/** Addresses of existing objects without an owner that the apply records as adopted. */
function adoptedBy(steps: readonly Step[]): string[] {
  return steps.flatMap(({ address, adopts }) => (adopts ? [address] : [])).toSorted()
}

/**
 * Counts adopted objects that the project no longer declares, without those that the plan deletes or keeps on purpose.
 */
function adoptedLeft(
  { own }: PlanContext,
  undeclared: readonly Subject[],
  others: readonly { readonly address: string }[],
): number {
  const decided = new Set(others.map(({ address }) => address))
  return undeclared.map(addressOfSubject).filter((at) => !decided.has(at) && own?.stateOf(at) === 'adopted').length
}

function plannedOwnership(
  context: PlanContext,
  {
    steps,
    desired,
    changes,
    handed,
  }: {
    readonly steps: readonly Step[]
    readonly desired: Topology
    readonly changes: readonly Change[]
    readonly handed: PlannedHandOver | undefined
  },
): PlannedOwnership {
  const { live, ownership } = context
  if (live.ownership === undefined) return { state: 'none', ...NOTHING_KNOWN }
  if (ownership === undefined || handed === undefined) return { state: 'unknown', ...NOTHING_KNOWN }
  const adopts = adoptedBy(steps)
  const there = new Set(live.topology.vhosts.map(({ name }) => name))
  return {
    state: 'known',
    adopts,
    unrecorded: desired.vhosts.map(({ name }) => name).filter((name) => there.has(name) && !ownership.own.has(name)),
    elsewhere: elsewhereOf(context, there),
    unfinished: handed.unfinished,
    records: recordChanges(context, { desired, changes, adopts, handed }),
  }
}

/** Existing virtual hosts outside the run in which the project has records, such as those of removed tenants. */
function elsewhereOf({ ownership, vhosts }: PlanContext, there: ReadonlySet<string>): Elsewhere[] {
  return [...(ownership?.own.values() ?? [])]
    .filter(({ vhost }) => there.has(vhost) && !vhosts.has(vhost))
    .map((record) => ({
      vhost: record.vhost,
      owned: new Set(addressesIn(without(record, ownership?.lost ?? new Set()))).size,
    }))
    .filter(({ owned }) => owned > 0)
    .toSorted((a, b) => order(a.vhost, b.vhost))
}

const NOTHING_KNOWN = { adopts: [], unrecorded: [], elsewhere: [], unfinished: [], records: [] } as const

/**
 * If a stopped run has not finished replacing an object, the object must still be declared, or its messages and
 * bindings cannot be restored.
 */
function unfinished({ live, desiredIndex, mode }: PlanContext): Block[] {
  const left = (kind: FixedKind, addresses: Iterable<string> = []) =>
    [...addresses].filter((address) => {
      const declared = desiredIndex.get(kind, address)
      return mode.destroy || declared === undefined || declared.external === true
    })
  return [
    ...left('queue', live.moves?.keys()).map((address) => ({ reason: 'unfinished-move', address }) as const),
    ...left('exchange', live.replaced).map((address) => ({ reason: 'unfinished-replacement', address }) as const),
  ]
}

function unsupported(context: PlanContext, change: Change): Block[] {
  const { live } = context
  // A definitions file may contain no version.
  if (change.action === 'delete' || live.broker.version === '') return []
  const what = unsupportedBy(live.broker, change, context)
  return what === undefined ? [] : [{ reason: 'unsupported', address: change.address, what }]
}

function unsupportedUnchanged(context: PlanContext, { address, change, blocks = [] }: Step): Block[] {
  const declared = context.desiredIndex.find(address)
  if (change !== undefined || blocks.length > 0 || declared === undefined || declared.object.external) return []
  return unsupported(context, { action: 'create', kind: declared.kind, address, after: declared.object } as Change)
}

/** Counts objects in the vhosts of this run that are neither declared nor owned, without the broker's own exchanges. */
function countUndeclared(context: PlanContext, live: Topology): number {
  const count = <K extends 'exchange' | 'queue' | 'binding'>(kind: K, counts: (object: ObjectOf[K]) => boolean) =>
    objectsOf(kind, live).filter((object) => {
      if (!context.vhosts.has(object.vhost) || !counts(object)) return false
      const at = addressOf(kind, object)
      return !context.desiredIndex.has(kind, at) && context.stateOf(at) === undefined
    }).length
  return (
    count('exchange', ({ name }) => !isBuiltInExchange(name)) +
    count('queue', () => true) +
    count('binding', () => true)
  )
}

function byScopeKindAndAddress(a: Change, b: Change): number {
  return (
    order(vhostOf(subjectOf(a)), vhostOf(subjectOf(b))) ||
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    order(a.address, b.address)
  )
}

function order(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -1 : 1
}
