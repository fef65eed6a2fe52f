import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live } from '../../broker/live/live.ts'
import { brokerNameIn, readLive } from '../../broker/live/read-live.ts'
import { scopeOf as scopeOfTopology } from '../../broker/live/read-scope.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import { reads } from '../../broker/management/reads.ts'
import { registerObjects } from '../../model/secrets/register-secrets.ts'
import { KINDS, topologyOf } from '../../model/topology.ts'
import type { Note } from '../../plan/note.ts'
import { type BoundPlan, compareWithSaved, type StaleObject } from '../../plan/saved/saved-plan.ts'
import { ownerStates } from '../../plan/ownership/owner-state.ts'
import { isWrite } from '../../plan/steps/subject.ts'
import { takeOverBlocks } from '../../plan/ownership/plan-hand-over.ts'
import { staleTakeOvers, takeOversOf } from '../../plan/saved/saved-take-overs.ts'
import { kindOfEntry } from '../../broker/records/entry.ts'
import { ownershipAfter, unfinishedHandOvers } from '../../broker/records/hand-over.ts'
import { checkDigest } from '../change/check-digest.ts'
import { findMissingRights, requireCompared, requireRights } from '../access/check-rights.ts'
import { countEndangered } from '../counting/count-endangered.ts'
import { type Applied, type ExecuteOptions, executePlanned } from '../change/execute.ts'
import { lockForHandOver } from '../session/hand-over-locks.ts'
import type { BrokerOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { ownershipIn, shownPlan } from '../change/planned.ts'
import { contextOf, type Rechecked, recheckPlan } from './recheck-plan.ts'
import { type ReferenceOptions, resolveReferences } from './resolve-references.ts'
import { withRoomForLock } from '../session/room-for-lock.ts'
import { openSession, type Session } from '../session/session.ts'
import { foreignMovesIn, unfinishedIn } from '../change/unfinished.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ApplySavedOptions extends BrokerOptions, ReferenceOptions, Omit<ExecuteOptions, 'confirm'> {
  readonly saved: BoundPlan
  /** The digest that the plan must have; another one stops the apply with the error `STALE_PLAN`. */
  readonly expectDigest?: string
}

/**
 * Applies a saved plan without asking, if the objects that it changes and those that they refer to are unchanged.
 * Leaves out changes that were already made outside this run.
 *
 * @throws {WarrenError} `STALE_PLAN` when the broker has changed; nothing was done then
 * @throws {WarrenError} `LOCKED` when another apply of the project is under way, `OWNERSHIP_CONFLICT` when another project claims an object
 * @throws {WarrenError} `ACCESS_REFUSED` when the login lacks a right that the plan needs
 * @throws {UnreachableError} when the broker cannot be reached before the first write
 */
export async function applySaved(options: ApplySavedOptions): Promise<Applied> {
  return withSecrets(options, applyUnchanged)
}

async function applyUnchanged(options: ApplySavedOptions): Promise<Applied> {
  const { expectDigest } = options
  if (expectDigest !== undefined) checkDigest(options.saved, expectDigest)
  const { changes, secrets } = await resolveReferences(options.saved.changes, options)
  if (options.secrets !== undefined) {
    registerObjects(
      options.secrets,
      changes.filter(isWrite).map(({ after }) => after),
    )
    for (const secret of secrets) options.secrets.addDeclared(secret.reveal())
  }
  const saved = { ...options.saved, changes }
  const client = new ManagementClient(options.connection, options.secrets)
  try {
    await reachBroker(client, options)
    // Before the lock, which would be a write.
    await requireBroker(client, saved.broker.name)
    const { project, vhosts } = saved
    await using session = await openSession(client, { ...options, project, vhosts })
    const first = await readLive(client, scopeOf(saved))
    const records = first.records?.ownership ?? []
    const unfinished = unfinishedHandOvers(project, records)
    const withUnfinished = { project, ownership: { ...saved.ownership, unfinished } }
    await using handOverLocks = await lockForHandOver(session, withUnfinished, first)
    const live = handOverLocks === undefined ? first : await readLive(client, scopeOf(saved))
    const { moves, replaced } = unfinishedIn(live, project, vhosts)
    const { ownership } = ownershipIn(live, project)
    const takes = takeOversOf(saved.ownership.records)
    const owners = ownership && ownerStates(ownershipAfter(ownership, takes), vhosts)
    const { stale, done } = compareWithSaved(saved, live.topology, new Set([...moves.keys(), ...replaced]), owners)
    const notTheirs = ownership === undefined ? [] : staleTakeOvers(saved.ownership.records, ownership)
    if (stale.length + notTheirs.length > 0) throw staleError([...stale, ...notTheirs])
    const left = changes.filter(({ address }) => !done.has(address))
    const afterwards = ownership && ownershipAfter(ownership, takes)
    const seen = { ...live, ownership: afterwards ?? ('unknown' as const), moves, replaced }
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
    const blocks = [...checked.blocks, ...blocked]
    const plan = planNow({ ...saved, ...withUnfinished }, { ...checked, blocks }, { live, session })
    const shown = shownPlan(plan, client.secrets)
    const planned = { plan: shown, findings: [], sources: new Map<string, string>(), live: live.topology }
    if (plan.blocks.length > 0) return { ...planned, stopped: 'blocked' }
    requireCompared(plan, live.login)
    const rights = await findMissingRights(client, live, plan, () => session.forPlan.link(live))
    requireRights(rights === undefined ? {} : { rights }, live.login)
    return await executePlanned(client, planned, { plan, live, session, handOverLocks, options })
  } finally {
    await client.close()
  }
}

/** The remaining part of the plan, checked again. */
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
    notes: [...notes, ...saved.notes.filter(({ note }) => !LIMIT_NOTES.has(note))],
    ...(unlocked !== undefined && { unlocked }),
  })
}

/** Notes that are recomputed from the broker. */
const LIMIT_NOTES: ReadonlySet<Note['note']> = new Set([
  'queue-limit-exceeded',
  'no-room-for-lock',
  'no-room-for-later-locks',
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

/** The plan says nothing about another broker, though that may look alike. */
/** @throws {WarrenError} `STALE_PLAN` when the plan was made for another broker */
async function requireBroker(client: ManagementClient, planned: string): Promise<void> {
  const found = brokerNameIn(await reads.overview(client))
  if (found === planned) return
  throw new WarrenError(
    `the plan was made for the broker ${JSON.stringify(planned)}, and this is ${JSON.stringify(found)}; nothing was done`,
    { code: 'STALE_PLAN', hint: 'apply it to the broker that it was made for, or plan again' },
  )
}

/** Whose an object is, in words; all other states are words. */
const OWNERS: Readonly<Partial<Record<StaleObject['found'], string>>> = {
  owned: 'owned by this project',
  adopted: 'adopted by this project',
  protected: 'protected',
  foreign: 'owned by another project',
  unowned: 'not owned by any project',
  unknown: 'of an owner that is not known',
}

function staleError(stale: readonly StaleObject[]): WarrenError {
  const lines = stale.map(({ address, planned, found, differences }) => {
    const how = differences.map(({ property }) => property).join(', ')
    const from = OWNERS[planned] ?? planned
    return `  ${address}: planned from ${from}, found ${OWNERS[found] ?? found}${how === '' ? '' : ` (${how})`}`
  })
  return new WarrenError(['the saved plan no longer fits the broker; nothing was done', ...lines].join('\n'), {
    code: 'STALE_PLAN',
    hint: 'plan again, and look at what is different',
  })
}
