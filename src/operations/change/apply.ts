import { finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import type { Desired } from '../../model/desired.ts'
import { hasWork } from '../../plan/ownership/ownership-changes.ts'
import { requireCompared, requireRights } from '../access/check-rights.ts'
import { checkDigest } from './check-digest.ts'
import { enteredVhosts } from './entered-vhosts.ts'
import { type Applied, type ExecuteOptions, executePlanned } from './execute.ts'
import { lockForHandOver } from '../session/hand-over-locks.ts'
import { modeOf, type ModeOptions } from './mode-options.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { loadForPlan, plannedEnvironment, shownPlan } from './planned.ts'
import { planWith } from './plan-with.ts'
import { withRoomForLock } from '../session/room-for-lock.ts'
import { EarlySession } from '../session/early-session.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ApplyOptions extends TopologyOptions, BrokerOptions, ModeOptions, ExecuteOptions {
  /** The digest that the plan must have, all 64 digits. Default: any. */
  readonly expectDigest?: string
}

/**
 * Changes the broker to match the files. Deletes or replaces an object only if the options permit it.
 *
 * A blocked plan is not applied, not even in part. No other apply of the project can run at the same time.
 *
 * @throws {InvalidInputError} when the files are invalid, or a password is missing; nothing is written then
 * @throws {UnreachableError} when the broker cannot be reached before the first write
 * @throws {WarrenError} `LOCKED` when another apply of the project is running, `OWNERSHIP_CONFLICT` when another project claims an object
 * @throws {WarrenError} `ACCESS_REFUSED` when the login lacks a right that the plan needs
 * @throws {WarrenError} `STALE_PLAN` when the plan has another digest than `expectDigest`
 */
export async function apply(options: ApplyOptions): Promise<Applied> {
  return withSecrets(options, (own) => applyWithMode(own, false))
}

/**
 * Deletes everything that the project owns in the virtual hosts of the files. Objects with messages, consumers or
 * foreign bindings, and virtual hosts, are deleted only if their address is allowed.
 */
export async function destroy(options: ApplyOptions): Promise<Applied> {
  return withSecrets(options, (own) => applyWithMode(own, true))
}

async function applyWithMode(options: ApplyOptions, destroys: boolean): Promise<Applied> {
  const client = new ManagementClient(options.connection, options.secrets)
  try {
    await using sessions = new EarlySession(client, options)
    const beforeParsing = (texts: Iterable<string>) => sessions.begin(texts)
    const { desired, files, findings, sources } = await loadForPlan({ ...options, beforeParsing })
    await reachBroker(client, options)
    const mode = modeOf(options, destroys)
    const entered = await enteredVhosts(client, desired, mode)
    const vhosts = [...desired.topology.vhosts.map(({ name }) => name), ...entered]
    const session = await sessions.open({ project: desired.project, vhosts })
    const settings = { desired, files, ...plannedEnvironment(options), mode, entered, ...session.forPlan }
    const first = await planWith(client, settings)
    await using handOverLocks = await lockForHandOver(session, first.plan, first.live)
    const { plan: made, live } =
      handOverLocks === undefined ? first : await planWith(client, { ...settings, handOverLocks })
    const plan = withRoomForLock(made)
    const planned = { plan: shownPlan(plan, client.secrets), findings, sources, live: live.topology }
    if (options.expectDigest !== undefined) checkDigest(plan, options.expectDigest)
    if (plan.blocks.length > 0) return { ...planned, stopped: 'blocked' }
    requireCompared(plan, live.login)
    if (!destroys) requirePasswords(desired, sources)
    if (hasWork(plan)) {
      requireRights(plan, live.login)
      if (options.confirm && !(await options.confirm(planned))) return { ...planned, stopped: 'not-confirmed' }
    }
    return await executePlanned(client, planned, { plan, live, session, handOverLocks, options })
  } finally {
    await client.close()
  }
}

/** A password that cannot be resolved stops an apply before it begins, at its place in the file. */
function requirePasswords({ topology }: Desired, sources: ReadonlyMap<string, string>): void {
  const missing = topology.users.flatMap(({ name, credential }) => {
    if (credential?.missing === undefined) return []
    const { reference, location } = credential.written ?? {}
    const args = { user: name, missing: credential.missing, ...(reference !== undefined && { reference }) }
    return [finding('secret-missing', args, location)]
  })
  if (missing.length > 0) throw new InvalidInputError(missing, sources)
}
