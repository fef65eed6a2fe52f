import type { ApplyOptions as Pace } from '../../apply/apply-run.ts'
import { defaultParallelism } from '../../apply/default-parallelism.ts'
import type { Outcome, Report } from '../../apply/report.ts'
import { finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import type { Desired } from '../../model/desired.ts'
import { hasWork } from '../../plan/ownership/ownership-changes.ts'
import type { Plan } from '../../plan/plan.ts'
import { requireCompared, requireRights } from '../access/check-rights.ts'
import { checkDigest } from './check-digest.ts'
import { enteredVhosts } from './entered-vhosts.ts'
import { execute } from './execute.ts'
import { lockForHandOver } from '../session/hand-over-locks.ts'
import { modeOf, type ModeOptions } from './mode-options.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { loadForPlan, type Planned, plannedEnvironment, shownPlan } from './planned.ts'
import { planWith } from './plan-with.ts'
import { withRoomForLock } from '../session/room-for-lock.ts'
import { EarlySession } from '../session/early-session.ts'
import { withSecrets } from '../session/with-secrets.ts'

export interface ApplyOptions extends TopologyOptions, BrokerOptions, ModeOptions, ExecuteOptions {
  /** The digest that the plan must have, all 64 digits. Default: any. */
  readonly expectDigest?: string
}

/** How a plan is executed. */
export interface ExecuteOptions {
  /**
   * Called before the first write, except for plans without any. If it returns false, nothing is changed. Default: does
   * not ask.
   */
  readonly confirm?: (planned: Planned) => Promise<boolean>
  /** How many writes may run at once. Default: 16 from RabbitMQ 4.0 on, else 64. */
  readonly parallelism?: number
  /** When aborted, no further change starts. Changes in progress finish and are read back. Default: never. */
  readonly signal?: AbortSignal
  /** Called when each of the `total` changes ends, including changes that never started. */
  readonly onOutcome?: (outcome: Outcome, total: number) => void
  /** Called during a long step, with a short sentence about its progress. */
  readonly onProgress?: (text: string) => void
}

/** The result of an apply. */
export interface Applied extends Planned {
  /** Why there is no report: the plan was empty, blocked, or not confirmed. */
  readonly stopped?: 'nothing-to-do' | 'blocked' | 'not-confirmed'
  /** What was done; absent if no change was started. */
  readonly report?: Report
}

/**
 * Changes the broker to match the files. Deletes or replaces an object only if the options permit it.
 *
 * A blocked plan is not applied, not even in part. No other apply of the project can run at the same time.
 *
 * @throws {InvalidInputError} when the files are invalid, or a password is missing; nothing is written then
 * @throws {UnreachableError} when the broker cannot be reached before the first write
 * @throws {WarrenError} with exit code 4 when another apply of the project is running, or another project claims an
 *   object
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
    const report = await execute(client, {
      plan,
      live,
      session,
      ...(handOverLocks && { handOverLocks }),
      pace: paceOf(plan, options),
    })
    return report === undefined ? { ...planned, stopped: 'nothing-to-do' } : { ...planned, report }
  } finally {
    await client.close()
  }
}

/** The settings with which a plan is executed, with defaults for missing options. */
export function paceOf({ broker }: Plan, { parallelism, signal, onOutcome, onProgress }: ExecuteOptions): Pace {
  return {
    parallelism: parallelism ?? defaultParallelism(broker.version),
    ...(signal && { signal }),
    ...(onOutcome && { onOutcome }),
    ...(onProgress && { onProgress }),
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
