import { finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { ManagementClient } from '../../broker/management/client.ts'
import type { Desired } from '../../model/desired.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { hasWork } from '../../plan/ownership/ownership-changes.ts'
import type { Plan } from '../../plan/plan.ts'
import { requireCompared, requireRights } from '../access/check-rights.ts'
import { enteredVhosts } from './entered-vhosts.ts'
import { type Applied, type Execution, executePlanned } from './execute.ts'
import { lockForHandOver } from '../session/hand-over-locks.ts'
import { withJudgedNotes } from './lint-plan.ts'
import { modeOf, type ModeOptions } from './mode-options.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { reachBroker } from '../session/reach-broker.ts'
import { loadForPlan, type Planned, plannedEnvironment, shownPlan } from './planned.ts'
import { planWith, type RunSettings } from './plan-with.ts'
import { withRoomForLock } from '../session/room-for-lock.ts'
import { EarlySession } from '../session/early-session.ts'
import type { SharedLocks } from '../session/shared-locks.ts'

/** An apply that holds its locks and has a plan. It has not asked for confirmation and has written nothing. */
export interface PreparedApply extends AsyncDisposable {
  /** The plan without secrets. */
  readonly planned: Planned
  readonly plan: Plan
  /** @throws {WarrenError} `ACCESS_REFUSED`, `INVALID_INPUT` or `BLOCKED` when a right, a password or a comparison that the plan needs is missing */
  readonly requireAll: () => void
  readonly execute: (options: Execution['options']) => Promise<Applied>
}

type PrepareOptions = TopologyOptions &
  BrokerOptions &
  ModeOptions & {
    readonly signal?: AbortSignal
    readonly secrets: SecretRegistry
    /** The locks of all runs of the command. Default: no other runs. */
    readonly sharedLocks?: SharedLocks
  }

/**
 * Takes the locks of a project and plans.
 *
 * @param destroys whether everything that the project owns is deleted
 * @param inRun the objects that the other projects of the same run declare and delete. Default: none
 * @throws {WarrenError} `LOCKED` when another apply of the project is running
 */
export async function prepareApply(
  options: PrepareOptions,
  destroys: boolean,
  inRun: RunSettings = {},
): Promise<PreparedApply> {
  const client = new ManagementClient(options.connection, options.secrets)
  const sessions = new EarlySession(client, options)
  let handOverLocks: Awaited<ReturnType<typeof lockForHandOver>>
  const release = async () => {
    try {
      await handOverLocks?.[Symbol.asyncDispose]()
      await sessions[Symbol.asyncDispose]()
    } finally {
      await client.close()
    }
  }
  try {
    const beforeParsing = (texts: Iterable<string>) => sessions.begin(texts)
    const { desired, files, findings, sources } = await loadForPlan({ ...options, beforeParsing }, inRun.otherProjects)
    await reachBroker(client, options)
    const mode = modeOf(options, destroys)
    const entered = await enteredVhosts(client, desired, mode)
    const vhosts = [...desired.topology.vhosts.map(({ name }) => name), ...entered]
    const session = await sessions.open({ project: desired.project, vhosts })
    const settings = { desired, files, ...plannedEnvironment(options), mode, entered, ...inRun, ...session.forPlan }
    const first = await planWith(client, settings)
    handOverLocks = await lockForHandOver(session, first.plan, first.live)
    const { plan: made, live } =
      handOverLocks === undefined ? first : await planWith(client, { ...settings, handOverLocks })
    const plan = await withJudgedNotes(withRoomForLock(made), { desired, sources }, options.rules)
    const planned = { plan: shownPlan(plan, client.secrets), findings, sources, live: live.topology }
    return {
      planned,
      plan,
      requireAll: () => {
        requireCompared(plan, live.login)
        if (!destroys) requirePasswords(desired, sources)
        if (hasWork(plan)) requireRights(plan, live.login)
      },
      execute: (how) => {
        const isOneOfSeveral = (inRun.otherProjects ?? []).length > 0
        return executePlanned(client, planned, { plan, live, session, handOverLocks, isOneOfSeveral, options: how })
      },
      [Symbol.asyncDispose]: release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** If a password cannot be resolved, the apply stops before its first change, and names the position in the file. */
function requirePasswords({ topology }: Desired, sources: ReadonlyMap<string, string>): void {
  const missing = topology.users.flatMap(({ name, credential }) => {
    if (credential?.missing === undefined) return []
    const { reference, location } = credential.written ?? {}
    const args = { user: name, missing: credential.missing, ...(reference !== undefined && { reference }) }
    return [finding('secret-missing', args, location)]
  })
  if (missing.length > 0) throw new InvalidInputError(missing, sources)
}
