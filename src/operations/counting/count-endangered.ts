import { countQueues } from '../../apply/counting/count-queues.ts'
import type { Live } from '../../broker/live/live.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { orIfMissing } from '../../broker/management/errors.ts'
import { reads } from '../../broker/management/reads.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { address } from '../../model/address.ts'
import type { Queue, Topology } from '../../model/topology.ts'
import type { PlanContext } from '../../plan/plan-context.ts'
import type { NodeState, PlannedTopology, QueueCount } from '../../plan/planned-topology.ts'
import type { Change } from '../../plan/change.ts'
import { isAllowed, loweredLimits } from '../../plan/policies/lowered-limits.ts'
import { waitingElsewhere } from '../../plan/guards/waiting-elsewhere.ts'
import { readNodeStates } from './node-states.ts'
import type { AmqpLink } from '../session/amqp-link.ts'

export interface CountSettings {
  readonly changes: readonly Change[]
  /** Finds the queues whose messages depend on the objects to be deleted. */
  readonly context: PlanContext
  readonly live: Live
  /** Opens AMQP when messages have to be counted. */
  readonly link: (live: Live) => Promise<AmqpLink>
  /** Why nothing may be deleted or replaced, even if AMQP works. */
  readonly unlocked?: string
  /** True if an approved plan counts again before its steps: it does not wait for streams. Default false. */
  readonly preliminary?: boolean
}

/** The counts that the planner needs. */
export type Counted = Pick<
  PlannedTopology,
  'counts' | 'uncountedQueues' | 'uncounted' | 'uncountedFor' | 'messages' | 'bytes' | 'nodes' | 'nodesRefused'
>

/** Counts the messages that changes would delete, even briefly; undefined if there are none. */
export async function countEndangered(
  client: ManagementClient,
  { changes, context, live, link, unlocked, preliminary = false }: CountSettings,
): Promise<Counted | undefined> {
  const endangered = changes.filter(isDestructive)
  const waiting = waitingElsewhere(context, changes).flatMap(({ queue, isDeleted }) => (isDeleted ? [] : queue))
  const limited = loweredLimits(context, changes).filter((each) => !isAllowed(each, context.mode.allowDelete))
  if (endangered.length === 0 && waiting.length === 0 && limited.length === 0) return undefined
  const lowered = limited.map(({ queue }) => queue)
  const queues = [...new Set([...queuesOf(endangered, live.topology), ...waiting, ...lowered])]
  const opened = await link(live)
  const counted =
    'missing' in opened
      ? { uncounted: opened.missing, messages: await messagesOf(client, queues) }
      : {
          ...(await count(client, opened.amqp, queues, preliminary)),
          bytes: await bytesOf(client, [
            ...endangered.filter(isMove).map(({ before }) => before),
            ...limited.filter(({ key }) => key === 'max-length-bytes').map(({ queue }) => queue),
          ]),
          ...(endangered.some(isMove) && nodesOf(await readNodeStates(client))),
        }
  if (unlocked === undefined || 'missing' in opened) return counted
  return { ...counted, uncounted: unlocked, uncountedFor: 'lock' }
}

function nodesOf(nodes: readonly NodeState[] | undefined): Pick<Counted, 'nodes' | 'nodesRefused'> {
  return nodes === undefined ? { nodesRefused: true } : { nodes }
}

type Destructive =
  | Extract<Change, { kind: 'queue' | 'exchange'; action: 'delete' | 'replace' | 'rename' }>
  | Extract<Change, { kind: 'vhost'; action: 'delete' }>

/** Whether a change deletes a virtual host, a queue or an exchange, even briefly. */
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

/** The size of the messages in queues in bytes, if the broker's statistics contain it. */
async function bytesOf(client: ManagementClient, queues: readonly Queue[]): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>()
  for (const { vhost, name } of queues) {
    // A stopped run may have deleted it.
    const found = await orIfMissing(reads.queueBytes(client, vhost, name), undefined)
    if (found !== undefined) bytes.set(address('queue', vhost, name), found)
  }
  return bytes
}

/** The queues that would be deleted, even briefly. */
function queuesOf(endangered: readonly Destructive[], live: Topology): readonly Queue[] {
  const vhosts = new Set(endangered.flatMap(({ kind, before }) => (kind === 'vhost' ? [before.name] : [])))
  const named = endangered.flatMap(({ kind, before }) => (kind === 'queue' ? [before] : []))
  return [...named.filter(({ vhost }) => !vhosts.has(vhost)), ...live.queues.filter(({ vhost }) => vhosts.has(vhost))]
}

/** The maximum number of channels for steps that delete or move a queue. */
const CHANNELS = 4

/** Reads the message counts of queues at risk from the API, when AMQP cannot count. */
async function messagesOf(client: ManagementClient, queues: readonly Queue[]): Promise<ReadonlyMap<string, number>> {
  const vhosts = new Set(queues.map(({ vhost }) => vhost))
  const totals = await Promise.all([...vhosts].map((vhost) => reads.queueTotals(client, vhost)))
  return new Map(totals.flat().map(({ vhost, name, messages }) => [address('queue', vhost, name), messages ?? 0]))
}

/** Counts queues. If a limit on connections or channels prevents it, returns the reason and the counts of the API. */
async function count(
  client: ManagementClient,
  amqp: Amqp,
  queues: readonly Queue[],
  preliminary: boolean,
): Promise<Pick<PlannedTopology, 'counts' | 'uncountedQueues' | 'uncounted' | 'uncountedFor' | 'messages'>> {
  for (const vhost of new Set(queues.map((each) => each.vhost))) {
    const uncounted = await amqp.whyNoChannels(vhost, CHANNELS)
    if (uncounted !== undefined) return { uncounted, uncountedFor: 'limit', messages: await messagesOf(client, queues) }
  }
  const counts = new Map<string, QueueCount>()
  const uncountedQueues = new Map<string, string>()
  for (const vhost of new Set(queues.map((each) => each.vhost))) {
    const names = queues.filter((each) => each.vhost === vhost).map(({ name }) => name)
    for (const [name, each] of await countQueues({ amqp, client, vhost, names, preliminary })) {
      const at = address('queue', vhost, name)
      if ('uncounted' in each) uncountedQueues.set(at, each.uncounted)
      else counts.set(at, each)
    }
  }
  return { counts, uncountedQueues }
}
