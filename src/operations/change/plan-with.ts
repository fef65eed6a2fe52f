import type { Live } from '../../broker/live/live.ts'
import { readLive } from '../../broker/live/read-live.ts'
import { scopeOf } from '../../broker/live/read-scope.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import type { OtherProject } from '../../insight/lint/lint-context.ts'
import type { Desired } from '../../model/desired.ts'
import type { DeclaredByRun, ProjectOfRun } from '../../plan/declared-by-run.ts'
import { withoutNotExported } from '../../plan/compare/without-not-exported.ts'
import { makePlan } from '../../plan/make-plan.ts'
import { unreadThatTouch } from '../../plan/ownership/unmanaged-touching.ts'
import { PlanContext } from '../../plan/plan-context.ts'
import type { PlanMode } from '../../plan/plan-mode.ts'
import { without } from '../../plan/topology-index.ts'
import type { HandOverLocks, PlannedTopology } from '../../plan/planned-topology.ts'
import type { Plan, PlannedEnvironment, PlannedFiles } from '../../plan/plan.ts'
import type { AmqpLink } from '../session/amqp-link.ts'
import { findConsumers } from '../counting/find-consumers.ts'
import { findMissingRights, unreadableBy } from '../access/check-rights.ts'
import { findHalfDeclared } from '../counting/half-declared.ts'
import { countEndangered } from '../counting/count-endangered.ts'
import { heldDeadLetters } from '../counting/held-dead-letters.ts'
import { ownershipIn } from './planned.ts'
import { foreignMovesIn, unfinishedIn } from './unfinished.ts'

/** A plan and the data that it was made from. */
export interface LivePlan {
  readonly plan: Plan
  readonly live: Live
}

/** Data about the other runs of the same command. */
export interface RunSettings {
  /** The objects that other projects of the same environment declare. Default: none. */
  readonly declaredByRun?: DeclaredByRun
  /** The other projects of the same environment, which may hand objects over or take them over. Default: none. */
  readonly otherProjects?: readonly (ProjectOfRun & OtherProject)[]
  /** Addresses that other projects of the same environment delete first. Default: none. */
  readonly deletedByRun?: ReadonlySet<string>
  /** Options whose address matches an object in another run. Default: none. */
  readonly matchedElsewhere?: ReadonlySet<string>
}

/** The settings of a plan. */
export interface PlanSettings extends RunSettings {
  readonly desired: Desired
  readonly files: PlannedFiles
  /** The environment of the run; absent if there is none. */
  readonly environment?: PlannedEnvironment
  readonly mode: PlanMode
  /** Virtual hosts that the run includes although no document names them. Default: none. */
  readonly entered?: readonly string[]
  /** Opens AMQP when messages have to be counted. */
  readonly link: (live: Live) => Promise<AmqpLink>
  /** Why nothing may be deleted or replaced, even if AMQP works. */
  readonly unlocked?: string
  /** The locks of other projects in a hand-over; absent if there is none, and for a plan that is not applied. */
  readonly handOverLocks?: HandOverLocks
}

/**
 * Reads the broker and makes a plan. If the plan would delete something, counts the messages at risk. Finds missing
 * permissions, and the consumers of queues to be replaced.
 */
export async function planWith(client: ManagementClient, settings: PlanSettings): Promise<LivePlan> {
  const { plan, live } = await planCounted(client, settings)
  const rights = await findMissingRights(client, live, plan, () => settings.link(live), settings.declaredByRun)
  const consumers = await findConsumers(client, plan.changes)
  const held = await heldDeadLetters(client, settings.desired.topology, live)
  return {
    plan: {
      ...plan,
      ...(settings.environment && { environment: settings.environment }),
      ...(rights !== undefined && { rights }),
      ...(consumers.length > 0 && { consumers }),
      notes: [...plan.notes, ...held],
    },
    live,
  }
}

async function planCounted(client: ManagementClient, settings: PlanSettings): Promise<LivePlan> {
  const {
    desired,
    files,
    mode,
    entered = [],
    link,
    unlocked,
    handOverLocks,
    declaredByRun,
    otherProjects,
    matchedElsewhere,
  } = settings
  const vhosts = [...desired.topology.vhosts.map(({ name }) => name), ...entered]
  const everything = mode.prune || mode.destroy
  const read = await readLive(client, scopeOf(desired.topology, everything, entered))
  const live = withoutDeleted(read, settings.deletedByRun)
  const unreadable = unreadableBy(live, vhosts)
  const { desired: comparable, notExported: notCompared } = withoutNotExported(
    desired.topology,
    live.topology,
    unreadable,
  )
  const owned = withOwnership(desired, live, vhosts)
  const { ownership, moves } = owned
  const seen = {
    ...owned,
    halfDeclared: await findHalfDeclared(client, {
      desired: comparable,
      mode,
      live,
      ownership,
      link,
      ...(moves && { moves }),
    }),
    entered,
    ...(declaredByRun && { declaredByRun }),
    ...(otherProjects && { otherProjects }),
    ...(matchedElsewhere && { matchedElsewhere }),
    ...(handOverLocks && { handOverLocks }),
  }
  const { project, handOver } = desired
  const input = {
    project,
    files,
    desired: comparable,
    ...(handOver && { handOver }),
    mode,
    notCompared,
    unread: unreadThatTouch(desired.topology, unreadable),
    secrets: client.secrets,
  }
  const first = makePlan({ ...input, live: seen })
  const counted = await countEndangered(client, {
    changes: first.changes,
    context: new PlanContext(comparable, seen, mode),
    live,
    link,
    ...(unlocked !== undefined && { unlocked }),
  })
  const plan = counted === undefined ? first : makePlan({ ...input, live: { ...seen, ...counted } })
  return { plan: withLock(plan, unlocked), live }
}

function withOwnership(desired: Desired, live: Live, vhosts: readonly string[]): PlannedTopology {
  const { project } = desired
  return {
    ...live,
    ownership: ownershipIn(live, project, desired.topology).ownership ?? 'unknown',
    foreignMoves: foreignMovesIn(live, project),
    ...unfinishedIn(live, project, vhosts),
  }
}

/** The state of the broker after other projects of the run have deleted their objects. */
export function withoutDeleted(live: Live, deleted: ReadonlySet<string> = new Set()): Live {
  return deleted.size === 0 ? live : { ...live, topology: without(live.topology, deleted) }
}

function withLock(plan: Plan, unlocked: string | undefined): Plan {
  return unlocked === undefined ? plan : { ...plan, unlocked }
}
