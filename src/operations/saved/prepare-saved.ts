import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live } from '../../broker/live/live.ts'
import { brokerNameIn, readLive } from '../../broker/live/read-live.ts'
import { scopeOf as scopeOfTopology } from '../../broker/live/read-scope.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { registerObjects } from '../../model/secrets/register-secrets.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { KINDS, topologyOf } from '../../model/topology.ts'
import type { Note } from '../../plan/note.ts'
import { type BoundPlan, compareWithSaved, type StaleObject } from '../../plan/saved/saved-plan.ts'
import { ownerStates } from '../../plan/ownership/owner-state.ts'
import { isWrite } from '../../plan/steps/subject.ts'
import { takeOverBlocks } from '../../plan/ownership/plan-hand-over.ts'
import { staleTakeOvers, takeOversOf } from '../../plan/saved/saved-take-overs.ts'
import { kindOfEntry } from '../../broker/records/entry.ts'
import { ownershipAfter, unfinishedHandOvers } from '../../broker/records/hand-over.ts'
import { findMissingRights, requireCompared, requireRights } from '../access/check-rights.ts'
import { countEndangered } from '../counting/count-endangered.ts'
import { findHalfDeclared } from '../counting/half-declared.ts'
import { executePlanned } from '../change/execute.ts'
import { type RunSettings, withoutDeleted } from '../change/plan-with.ts'
import type { PreparedApply } from '../change/prepare-apply.ts'
import { type HeldHandOverLocks, lockForHandOver } from '../session/hand-over-locks.ts'
import type { BrokerOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { ownershipIn, shownPlan } from '../change/planned.ts'
import { contextOf, type Rechecked, recheckPlan } from './recheck-plan.ts'
import { type ReferenceOptions, resolveReferences } from './resolve-references.ts'
import { withRoomForLock } from '../session/room-for-lock.ts'
import type { SharedLocks } from '../session/shared-locks.ts'
import { openSession, type Session } from '../session/session.ts'
import { foreignMovesIn, unfinishedIn } from '../change/unfinished.ts'

/**
 * Resolves the references of a saved plan.
 *
 * @throws {InvalidInputError} naming all missing values
 */
export async function resolveSaved({
  saved,
  secrets: registry,
  ...references
}: ReferenceOptions & { readonly saved: BoundPlan; readonly secrets?: SecretRegistry }): Promise<BoundPlan> {
  const { changes, secrets } = await resolveReferences(saved.changes, references)
  if (registry !== undefined) {
    registerObjects(
      registry,
      changes.filter(isWrite).map(({ after }) => after),
    )
    for (const secret of secrets) registry.addDeclared(secret.reveal())
  }
  return { ...saved, changes }
}

type PrepareOptions = BrokerOptions & {
  readonly signal?: AbortSignal
  /** The locks of all runs of the command. Default: no other runs. */
  readonly sharedLocks?: SharedLocks
}

/** The objects that the other saved plans of the same run create and delete. */
export type SavedInRun = Pick<RunSettings, 'declaredByRun' | 'deletedByRun'>

/**
 * Takes the locks of a project and compares a saved plan with the broker: changes that were already made outside this
 * run are left out.
 *
 * @param saved with its references resolved
 * @param inRun the objects that the other plans of the same run create and delete. Default: none
 * @throws {WarrenError} `STALE_PLAN` when the broker has changed, `LOCKED` when another apply of the project is
 *   running
 */
export async function prepareSaved(
  saved: BoundPlan,
  options: PrepareOptions,
  inRun?: SavedInRun,
): Promise<PreparedApply> {
  const client = new ManagementClient(options.connection, options.secrets)
  const open: AsyncDisposable[] = []
  const release = async () => {
    try {
      for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]()
    } finally {
      await client.close()
    }
  }
  try {
    await reachBroker(client, options)
    // Checked before the lock is taken, because the lock is a write.
    await requireBroker(client, saved.broker.name)
    const { project, vhosts } = saved
    const session = await openSession(client, { ...options, project, vhosts })
    open.push(session)
    const first = await readLive(client, scopeOf(saved))
    const unfinished = unfinishedHandOvers(project, first.records?.ownership ?? [])
    const withUnfinished = { ...saved, ownership: { ...saved.ownership, unfinished } }
    const handOverLocks = await lockForHandOver(session, withUnfinished, first)
    if (handOverLocks !== undefined) open.push(handOverLocks)
    const read = handOverLocks === undefined ? first : await readLive(client, scopeOf(saved))
    const live = withoutDeleted(read, inRun?.deletedByRun)
    const plan = await recheck(client, withUnfinished, { live, session, handOverLocks, inRun })
    const shown = shownPlan(plan, client.secrets)
    const planned = { plan: shown, findings: [], sources: new Map<string, string>(), live: live.topology }
    const isOneOfSeveral = inRun !== undefined
    const rights =
      plan.blocks.length > 0
        ? undefined
        : await findMissingRights(client, live, plan, () => session.forPlan.link(live), inRun?.declaredByRun)
    return {
      planned,
      plan,
      requireAll: () => {
        requireCompared(plan, live.login)
        requireRights(rights === undefined ? {} : { rights }, live.login)
      },
      execute: (how) =>
        executePlanned(client, planned, { plan, live, session, handOverLocks, isOneOfSeveral, options: how }),
      [Symbol.asyncDispose]: release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

interface Seen {
  readonly live: Live
  readonly session: Session
  readonly handOverLocks: HeldHandOverLocks | undefined
  readonly inRun: SavedInRun | undefined
}

/**
 * Checks a saved plan against the current broker.
 *
 * @throws {WarrenError} `STALE_PLAN` when an object that it is bound to has changed
 */
async function recheck(
  client: ManagementClient,
  saved: BoundPlan,
  { live, session, handOverLocks, inRun: { declaredByRun } = {} }: Seen,
): Promise<BoundPlan> {
  const { project, vhosts, changes } = saved
  const { moves, replaced } = unfinishedIn(live, project, vhosts)
  const { ownership } = ownershipIn(live, project)
  const takes = takeOversOf(saved.ownership.records)
  const afterwards = ownership && ownershipAfter(ownership, takes)
  const owners = afterwards && ownerStates(afterwards, vhosts)
  const begun = new Set([...moves.keys(), ...replaced])
  const { stale, done } = compareWithSaved(saved, live.topology, begun, owners, declaredByRun)
  const notTheirs = ownership === undefined ? [] : staleTakeOvers(saved.ownership.records, ownership)
  if (stale.length + notTheirs.length > 0) throw staleError([...stale, ...notTheirs])
  const left = changes.filter(({ address }) => !done.has(address))
  const known = { ownership: afterwards ?? ('unknown' as const), ...(declaredByRun && { declaredByRun }) }
  const unasked = { ...live, ...known, moves, replaced }
  const { desired, mode } = contextOf(saved, left, unasked)
  const { link } = session.forPlan
  const halfDeclared = await findHalfDeclared(client, { desired, mode, live, ownership: known.ownership, moves, link })
  const seen = { ...unasked, halfDeclared }
  const counted = await countEndangered(client, {
    changes: left,
    context: contextOf(saved, left, seen),
    live,
    preliminary: true,
    ...session.forPlan,
  })
  const checked = recheckPlan(saved, left, { ...seen, ...counted })
  if (checked.stale.length > 0) throw staleError(checked.stale)
  const handOver = { foreignMoves: foreignMovesIn(live, project), ...(handOverLocks && { handOverLocks }) }
  const blocked = ownership === undefined ? [] : takeOverBlocks({ ownership, live: handOver }, takes)
  return planNow(saved, { ...checked, blocks: [...checked.blocks, ...blocked] }, { live, session })
}

/** Plans the remaining changes again. */
function planNow(
  saved: BoundPlan,
  { changes, blocks, records, notes }: Rechecked,
  { live, session }: { readonly live: Live; readonly session: Session },
): BoundPlan {
  const { unlocked: _unlocked, rights: _rights, ...rest } = saved
  const { name, version, url } = live.broker
  const { unlocked } = session.forPlan
  const known = new Set(blocks.map(({ reason, address }) => `${reason} ${address}`))
  const remembered = saved.blocks.filter(({ reason, address }) => !known.has(`${reason} ${address}`))
  return withRoomForLock({
    ...rest,
    broker: { name, version, url },
    changes,
    ownership: { ...rest.ownership, records },
    blocks: [...remembered, ...blocks],
    notes: [...notes, ...saved.notes.filter(({ note }) => !RECOMPUTED_NOTES.has(note))],
    ...(unlocked !== undefined && { unlocked }),
  })
}

/** Notes that are computed again from the broker. */
const RECOMPUTED_NOTES: ReadonlySet<Note['note']> = new Set([
  'queue-limit-exceeded',
  'no-room-for-lock',
  'no-room-for-later-locks',
  'majority-lost',
])

/**
 * The objects to read: those that the plan changes, those that they refer to, and the ownership records. All objects,
 * if something is deleted.
 */
function scopeOf({ vhosts, preconditions, changes, mode, ownership }: BoundPlan) {
  const isWhole = mode.prune || mode.destroy || changes.some((change) => change.action !== 'create')
  const recorded = ownership.records.flatMap(({ adopt, forget, drop }) => [...adopt, ...forget, ...drop])
  const kinds = [...Object.keys(preconditions), ...recorded].flatMap((at) => kindOfEntry(at) ?? [])
  const topology = { vhosts: vhosts.map((name) => ({ name, claimed: false })) }
  const { kinds: always = new Set(KINDS) } = scopeOfTopology({ ...NOTHING, ...topology }, isWhole)
  return { vhosts, kinds: new Set([...kinds, ...always]) }
}

const NOTHING = topologyOf(() => [])

/** A plan is valid only for its own broker, even if another one looks the same. */
/** @throws {WarrenError} `STALE_PLAN` when the plan was made for another broker */
async function requireBroker(client: ManagementClient, planned: string): Promise<void> {
  const found = brokerNameIn(await reads.overview(client))
  if (found === planned) return
  throw new WarrenError(
    `the plan was made for the broker ${JSON.stringify(planned)}, and this is ${JSON.stringify(found)}; nothing was done`,
    { code: 'STALE_PLAN', hint: 'apply it to the broker that it was made for, or plan again' },
  )
}

/** The states of ownership as phrases; the other states are already words. */
const OWNERS: Readonly<Partial<Record<StaleObject['found'], string>>> = {
  owned: 'owned by this project',
  adopted: 'adopted by this project',
  protected: 'protected',
  foreign: 'owned by another project',
  unowned: 'not owned by any project',
  unknown: 'of an unknown owner',
}

function staleError(stale: readonly StaleObject[]): WarrenError {
  const lines = stale.map(({ address, planned, found, differences }) => {
    const how = differences.map(({ property }) => property).join(', ')
    const from = OWNERS[planned] ?? planned
    return `  ${address}: planned from ${from}, found ${OWNERS[found] ?? found}${how === '' ? '' : ` (${how})`}`
  })
  return new WarrenError(['the saved plan no longer fits the broker; nothing was done', ...lines].join('\n'), {
    code: 'STALE_PLAN',
    hint: 'plan again, and review the differences',
  })
}
