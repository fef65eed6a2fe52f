import { countQueues } from '../apply/count-queues.ts'
import type { Live } from '../live/live.ts'
import { readLive } from '../live/read-live.ts'
import { scopeOf } from '../live/scope-of.ts'
import type { ManagementClient } from '../management/client.ts'
import { ManagementError } from '../management/errors.ts'
import { reads } from '../management/reads.ts'
import type { Amqp } from '../messages/amqp.ts'
import { address } from '../model/address.ts'
import type { Queue, Topology } from '../model/topology.ts'
import type { Desired } from '../model/desired.ts'
import { leaveUntold } from '../plan/leave-untold.ts'
import { makePlan } from '../plan/make-plan.ts'
import { PlanContext } from '../plan/plan-context.ts'
import type { PlanMode } from '../plan/plan-mode.ts'
import type { PlannedTopology, QueueCount } from '../plan/planned-topology.ts'
import type { Change, Plan, PlannedFiles } from '../plan/plan.ts'
import { waitingElsewhere } from '../plan/waiting-elsewhere.ts'
import type { AmqpLink } from './amqp-link.ts'
import { findMissingRights, unreadableBy } from './check-rights.ts'
import { ownershipIn } from './planned.ts'
import { unfinishedIn } from './unfinished.ts'

/** A plan with what it was made of. */
export interface LivePlan {
  readonly plan: Plan
  readonly live: Live
}

/** What a plan is made with. */
export interface PlanSettings {
  readonly desired: Desired
  readonly files: PlannedFiles
  readonly mode: PlanMode
  /** Opens AMQP when messages have to be counted. */
  readonly link: (live: Live) => Promise<AmqpLink>
  /** Why nothing may be deleted or replaced, whatever AMQP says. */
  readonly unlocked?: string
}

/**
 * Reads the broker and plans; counts the messages of what the plan would delete, where there is any, and finds what the login
 * lacks for the rest.
 */
export async function planWith(client: ManagementClient, settings: PlanSettings): Promise<LivePlan> {
  const { plan, live } = await planCounted(client, settings)
  const rights = await findMissingRights(client, live, plan, () => settings.link(live))
  return { plan: rights === undefined ? plan : { ...plan, rights }, live }
}

async function planCounted(client: ManagementClient, settings: PlanSettings): Promise<LivePlan> {
  const { desired, files, mode, link, unlocked } = settings
  const everything = mode.prune || mode.destroy
  const live = await readLive(client, scopeOf(desired.topology, everything))
  const { desired: comparable, untold: notCompared } = leaveUntold(
    desired.topology,
    live.topology,
    unreadableBy(live, desired.topology),
  )
  const seen = withOwnership(desired, live)
  const input = { project: desired.project, files, desired: comparable, mode, notCompared }
  const first = makePlan({ ...input, live: seen })
  const endangered = first.changes.filter(isDestructive)
  if (endangered.length === 0) return { plan: withLock(first, unlocked), live }
  const context = new PlanContext(comparable, seen, mode)
  const waiting = [...waitingElsewhere(context, first.changes).values()].flat()
  const queues = [...new Set([...queuesOf(endangered, live.topology), ...waiting])]
  const opened = await link(live)
  const counted =
    'missing' in opened
      ? { uncounted: opened.missing, messages: await messagesOf(client, queues) }
      : { ...(await count(client, opened.amqp, queues)), bytes: await bytesOf(client, endangered.filter(isMove)) }
  const uncounted = unlocked === undefined ? {} : { uncounted: unlocked }
  return { plan: withLock(makePlan({ ...input, live: { ...seen, ...counted, ...uncounted } }), unlocked), live }
}

function withOwnership(desired: Desired, live: Live): PlannedTopology {
  const { project } = desired
  return {
    ...live,
    ownership: ownershipIn(live, project, desired.topology).ownership ?? 'unknown',
    ...unfinishedIn(
      live,
      project,
      desired.topology.vhosts.map(({ name }) => name),
    ),
  }
}

function withLock(plan: Plan, unlocked: string | undefined): Plan {
  return unlocked === undefined ? plan : { ...plan, unlocked }
}

type Destructive =
  | Extract<Change, { kind: 'queue' | 'exchange'; action: 'delete' | 'replace' | 'rename' }>
  | Extract<Change, { kind: 'vhost'; action: 'delete' }>

/** Whether a change deletes a virtual host, a queue or an exchange, be it for a moment. */
function isDestructive(change: Change): change is Destructive {
  if (change.kind === 'vhost') return change.action === 'delete'
  if (change.kind !== 'queue' && change.kind !== 'exchange') return false
  return change.action !== 'create' && change.action !== 'update'
}

type Move = Extract<Change, { kind: 'queue'; action: 'replace' | 'rename' }>

/** Whether a change moves the messages of a queue. */
function isMove(change: Destructive): change is Move {
  if (change.kind !== 'queue') return false
  return change.action === 'rename' || (change.action === 'replace' && change.how === 'migrate')
}

/** The bytes of the messages that are to be moved, where the broker's statistics know them. */
async function bytesOf(client: ManagementClient, moves: readonly Move[]): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>()
  for (const { before } of moves) {
    // A run that was stopped may have deleted it.
    const found = await reads.queueBytes(client, before.vhost, before.name).catch(ignoreMissing)
    if (found !== undefined) bytes.set(address('queue', before.vhost, before.name), found)
  }
  return bytes
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof ManagementError && error.isNotFound())) throw error
}

/** The queues that would be gone, or be so for a moment. */
function queuesOf(endangered: readonly Destructive[], live: Topology): readonly Queue[] {
  const vhosts = new Set(endangered.flatMap(({ kind, before }) => (kind === 'vhost' ? [before.name] : [])))
  const named = endangered.flatMap(({ kind, before }) => (kind === 'queue' ? [before] : []))
  return [...named.filter(({ vhost }) => !vhosts.has(vhost)), ...live.queues.filter(({ vhost }) => vhosts.has(vhost))]
}

/** How many channels the steps that delete or move a queue use side by side. */
const CHANNELS = 4

/** What the API alone tells of the queues in danger, where AMQP cannot count. */
async function messagesOf(client: ManagementClient, queues: readonly Queue[]): Promise<ReadonlyMap<string, number>> {
  const vhosts = new Set(queues.map(({ vhost }) => vhost))
  const totals = await Promise.all([...vhosts].map((vhost) => reads.queueTotals(client, vhost)))
  return new Map(totals.flat().map(({ vhost, name, messages }) => [address('queue', vhost, name), messages ?? 0]))
}

/** Counts queues; where a limit of connections or channels stops that, the reason, and what the API says. */
async function count(
  client: ManagementClient,
  amqp: Amqp,
  queues: readonly Queue[],
): Promise<Pick<PlannedTopology, 'counts' | 'uncountedQueues' | 'uncounted' | 'messages'>> {
  for (const vhost of new Set(queues.map((each) => each.vhost))) {
    const uncounted = await amqp.whyNoChannels(vhost, CHANNELS)
    if (uncounted !== undefined) return { uncounted, messages: await messagesOf(client, queues) }
  }
  const counts = new Map<string, QueueCount>()
  const uncountedQueues = new Map<string, string>()
  for (const vhost of new Set(queues.map((each) => each.vhost))) {
    const names = queues.filter((each) => each.vhost === vhost).map(({ name }) => name)
    for (const [name, each] of await countQueues({ amqp, client, vhost, names })) {
      const at = address('queue', vhost, name)
      if ('uncounted' in each) uncountedQueues.set(at, each.uncounted)
      else counts.set(at, each)
    }
  }
  return { counts, uncountedQueues }
}
