import { finding } from '../diagnostics/finding.ts'
import { InvalidInputError, WarrenError } from '../diagnostics/warren-error.ts'
import { ExitCode } from '../diagnostics/exit-code.ts'
import type { Live } from '../live/live.ts'
import { readLive } from '../live/read-live.ts'
import { ManagementClient } from '../management/client.ts'
import { waitForBroker } from '../management/wait-for-broker.ts'
import { kindOf } from '../model/address.ts'
import type { Kind, User } from '../model/topology.ts'
import type { Block, Change } from '../plan/plan.ts'
import { compareWithSaved, type SavedPlan, type StaleObject } from '../plan/saved-plan.ts'
import { ownerStates } from '../plan/owner-state.ts'
import { TopologyIndex } from '../plan/topology-index.ts'
import { type Applied, type ExecuteOptions, paceOf } from './apply.ts'
import { findMissingRights, requireCompared, requireRights } from './check-rights.ts'
import { execute } from './execute.ts'
import type { BrokerOptions } from './options.ts'
import { ownershipIn, shownPlan } from './planned.ts'
import { resolveCredential } from './resolve-passwords.ts'
import { withRoomForLock } from './room-for-lock.ts'
import { openSession, type Session } from './session.ts'
import { unfinishedIn } from './unfinished.ts'
import { withSecrets } from './with-secrets.ts'

export interface ApplySavedOptions extends BrokerOptions, Omit<ExecuteOptions, 'confirm'> {
  readonly saved: SavedPlan
  /** What `${env:NAME}` stands for in passwords. Default: nothing is set. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** What `${var:name}` stands for in passwords. */
  readonly variables?: Readonly<Record<string, string>>
}

/**
 * Carries out a saved plan, without asking, if the broker is still as it was for the plan: in the objects that it changes,
 * and in those that they refer to. What somebody else has done meanwhile is left out.
 *
 * @throws {WarrenError} with exit code 5 when the broker has changed; nothing was done then
 */
export async function applySaved(options: ApplySavedOptions): Promise<Applied> {
  return withSecrets(options, applyUnchanged)
}

async function applyUnchanged(options: ApplySavedOptions): Promise<Applied> {
  const { saved } = options
  const client = new ManagementClient(options.connection, options.secrets)
  try {
    await waitForBroker(client, options.wait ?? 0)
    const { project, vhosts } = saved
    await using session = await openSession(client, { ...options, project, vhosts })
    const live = await readLive(client, scopeOf(saved))
    const { moves, replaced } = unfinishedIn(live, project, vhosts)
    const { ownership } = ownershipIn(live, project)
    const owners = ownership && ownerStates(ownership, vhosts)
    if (live.broker.name !== saved.broker.name) throw otherBroker(saved.broker.name, live.broker.name)
    const { stale, done } = compareWithSaved(saved, live.topology, new Set([...moves.keys(), ...replaced]), owners)
    if (stale.length > 0) throw staleError(stale)
    const left = saved.changes.filter(({ address }) => !done.has(address))
    const changes = await Promise.all(left.map((change) => completed(change, live, options)))
    const blocks = [...saved.blocks, ...uncounted(changes, session)]
    const { name, version, url } = live.broker
    const plan = withRoomForLock({ ...saved, broker: { name, version, url }, changes, blocks, ...unlockedOf(session) })
    const shown = shownPlan(plan, client.secrets)
    const planned = { plan: shown, findings: [], sources: new Map<string, string>(), live: live.topology }
    if (blocks.length > 0) return { ...planned, stopped: 'blocked' }
    requireCompared(plan, live.login)
    const rights = await findMissingRights(client, live, plan, () => session.forPlan.link(live))
    requireRights(rights === undefined ? {} : { rights }, live.login)
    const report = await execute(client, { plan, live, session, pace: paceOf(plan, options) })
    return report === undefined ? { ...planned, stopped: 'nothing-to-do' } : { ...planned, report }
  } finally {
    await client.close()
  }
}

/** What the plan changes and what that refers to, with the records of who owns what. */
function scopeOf({ vhosts, preconditions, changes }: SavedPlan) {
  const named = Object.keys(preconditions).flatMap((address) => kindOf(address) ?? [])
  // What is bound to a queue or an exchange that goes takes rights as well.
  const around = changes.some(({ kind, action }) => COUNTED.has(kind) && action !== 'create' && action !== 'update')
  const kinds = around ? [...named, 'exchange' as const, 'binding' as const] : named
  return { vhosts, kinds: new Set([...kinds, 'permission', 'topic-permission', 'global-parameter'] as const) }
}

/** Fills in what a saved plan does not hold: passwords, and the live object, whose secrets are repeated in an update. */
async function completed(change: Change, live: Live, options: ApplySavedOptions): Promise<Change> {
  const found = new TopologyIndex(live.topology)
  const from = change.action === 'rename' ? change.from : change.address
  const before = found.get(change.kind, from)
  const current = 'before' in change && before !== undefined ? ({ ...change, before } as Change) : change
  if (current.kind !== 'user' || current.action === 'delete' || current.after.credential === undefined) return current
  return { ...current, after: await withCredential(current.after, options) }
}

async function withCredential(
  user: User,
  { environment = {}, variables = {}, secrets }: ApplySavedOptions,
): Promise<User> {
  if (user.credential === undefined) return user
  // What was a secret when the plan was saved is only a mask in it.
  const { written } = user.credential
  const bare =
    user.credential.kind === 'password'
      ? { kind: 'password' as const, written: written ?? { location: { file: '', line: 1, column: 1 } } }
      : {
          kind: 'hash' as const,
          ...(user.credential.algorithm !== undefined && { algorithm: user.credential.algorithm }),
          ...(written && { written }),
        }
  const credential = await resolveCredential(bare, environment, variables)
  secrets?.addFrom(credential)
  if (credential.missing === undefined) return { ...user, credential }
  const reference = written?.reference
  const args = { user: user.name, missing: credential.missing, ...(reference !== undefined && { reference }) }
  throw new InvalidInputError([finding('secret-missing', args, written?.location)], new Map())
}

function unlockedOf({ forPlan: { unlocked } }: Session): { readonly unlocked?: string } {
  return unlocked === undefined ? {} : { unlocked }
}

/** What is counted before it is deleted. */
const COUNTED: ReadonlySet<Kind> = new Set(['queue', 'exchange', 'vhost'])

/** Without a lock or AMQP, nothing is deleted or replaced. */
function uncounted(changes: readonly Change[], { forPlan: { unlocked } }: Session): Block[] {
  if (unlocked === undefined) return []
  return changes
    .filter(({ kind, action }) => COUNTED.has(kind) && action !== 'create' && action !== 'update')
    .map(({ address }) => ({ reason: 'uncounted', address, because: unlocked }))
}

/** The plan says nothing about another broker, though that may look alike. */
function otherBroker(planned: string, found: string): WarrenError {
  return new WarrenError(
    `the plan was made for the broker ${JSON.stringify(planned)}, and this is ${JSON.stringify(found)}; nothing was done`,
    { exitCode: ExitCode.stale, hint: 'apply it to the broker that it was made for, or plan again' },
  )
}

/** Whose an object is, in words; all other states are words. */
const OWNERS: Readonly<Partial<Record<StaleObject['found'], string>>> = {
  owned: 'owned by this project',
  adopted: 'adopted by this project',
  protected: 'protected',
  foreign: "another project's",
  nobodys: "nobody's",
  unknown: 'of an owner that is not known',
}

function staleError(stale: readonly StaleObject[]): WarrenError {
  const lines = stale.map(({ address, planned, found, differences }) => {
    const how = differences.map(({ property }) => property).join(', ')
    const from = OWNERS[planned] ?? planned
    return `  ${address}: planned from ${from}, found ${OWNERS[found] ?? found}${how === '' ? '' : ` (${how})`}`
  })
  return new WarrenError(['the saved plan no longer fits the broker; nothing was done', ...lines].join('\n'), {
    exitCode: ExitCode.stale,
    hint: 'plan again, and look at what is different',
  })
}
