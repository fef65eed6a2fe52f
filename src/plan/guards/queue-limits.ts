import { address } from '../../model/address.ts'
import { lockName } from '../../model/generated-names.ts'
import { holdingQueue } from '../migration/holding-queue.ts'
import type { Note } from '../note.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import type { Change } from '../change.ts'

/** The effects of queue limits on a plan. */
export interface QueueLimits {
  readonly blocks: readonly Block[]
  readonly notes: readonly Note[]
}

/** The number of queues in a virtual host: on the broker, the maximum during an apply, and afterwards. */
interface Room {
  readonly live: number
  readonly most: number
  readonly created: number
  readonly after: number
}

/** The limit of queues in a virtual host: on the broker, the maximum during an apply, and afterwards. */
interface Limit {
  readonly live: number
  readonly highest: number
  readonly after: number
}

/**
 * Compares the queues that a plan needs with the limit of each virtual host, including warren's own: the holding
 * queues of moves, and the lock of an apply. The broker counts every queue, including exclusive ones
 * (rabbit_vhost_limit).
 */
export function queueLimits(context: PlanContext, project: string, changes: readonly Change[]): QueueLimits {
  const needsLock = changes.some(needsCounting)
  const deleted = new Set(
    changes.flatMap((each) => (each.kind === 'vhost' && each.action === 'delete' ? [each.address] : [])),
  )
  const checked = [...context.vhosts]
    .filter((name) => !deleted.has(address('vhost', name)))
    .flatMap((name) => {
      const limit = limitOf(context, name, changes)
      const isLimited = Math.min(limit.live, limit.highest, limit.after) < UNLIMITED
      return isLimited ? check(name, limit, roomOf(context, project, name, changes), needsLock) : []
    })
  return { blocks: checked.flatMap(({ blocks }) => blocks), notes: checked.flatMap(({ notes }) => notes) }
}

function check(vhost: string, limit: Limit, room: Room, needsLock: boolean): QueueLimits {
  const at = address('vhost', vhost)
  const { live, most, after, created } = room
  const block = (refusing: number, needed: number, lock: boolean): QueueLimits => ({
    blocks: [
      {
        reason: 'queue-limit',
        address: at,
        limit: refusing,
        needed,
        live,
        created,
        moving: most - live - created,
        lock,
      },
    ],
    notes: [],
  })
  if (most > live && most > limit.highest) return block(limit.highest, most + (needsLock ? 1 : 0), needsLock)
  if (created > 0 && after > limit.after) return block(limit.after, after, false)
  const notes: Note[] = []
  if (after > limit.after) {
    notes.push({ note: 'queue-limit-exceeded', limit: limit.after, queues: after, addresses: [at] })
  }
  // The lock is taken before the plan raises a limit, and is held while queues are created.
  if (live + 1 > limit.live) {
    if (needsLock) return { ...block(limit.live, live + 1, true), notes }
    notes.push({ note: 'no-room-for-lock', limit: limit.live, queues: live, addresses: [at] })
  } else if (most + 1 > limit.highest) {
    if (needsLock) return { ...block(limit.highest, most + 1, true), notes }
    notes.push({ note: 'no-room-for-lock', limit: limit.highest, queues: most, addresses: [at] })
  } else if (after + 1 > limit.after && after <= limit.after) {
    notes.push({ note: 'no-room-for-later-locks', limit: limit.after, queues: after, addresses: [at] })
  }
  return { blocks: [], notes }
}

/** Whether an apply makes a change only under its lock, after counting the losses. */
function needsCounting({ kind, action }: Change): boolean {
  return (kind === 'queue' || kind === 'exchange' || kind === 'vhost') && action !== 'create' && action !== 'update'
}

const UNLIMITED = Number.POSITIVE_INFINITY

function limitOf(context: PlanContext, vhost: string, changes: readonly Change[]): Limit {
  const at = address('vhost', vhost)
  const live = context.liveIndex.get('vhost', at)?.limits?.maxQueues ?? UNLIMITED
  const change = changes.find((each) => each.address === at)
  if (change?.kind !== 'vhost' || change.action === 'delete' || change.after.limits === undefined) {
    return { live, highest: live, after: live }
  }
  const after = change.after.limits.maxQueues ?? UNLIMITED
  // Limits are raised first and lowered last.
  return { live, highest: change.action === 'create' ? after : Math.max(live, after), after }
}

function roomOf(
  { live: { topology, untouchable } }: PlanContext,
  project: string,
  vhost: string,
  changes: readonly Change[],
): Room {
  const queues = new Set(
    topology.queues.filter((each) => each.vhost === vhost).map(({ name }) => address('queue', vhost, name)),
  )
  const prefix = address('queue', vhost, '')
  const lock = address('queue', vhost, lockName(project))
  for (const each of untouchable) if (each.startsWith(prefix) && each !== lock) queues.add(each)
  let created = 0
  let moving = 0
  let deleted = 0
  for (const change of changes) {
    if (change.kind !== 'queue') continue
    if (change.action === 'delete') {
      if (change.before.vhost === vhost) deleted += 1
    } else if (change.after.vhost === vhost) {
      if (change.action === 'create') created += 1
      else if (change.action === 'rename' || (change.action === 'replace' && change.how === 'migrate')) {
        moving += additionalWhileMoved(change.before.name, change.after.name, vhost, queues)
      }
    }
  }
  const live = queues.size
  return { live, created, most: live + created + moving, after: live + created - deleted }
}

/** A move needs two queues at a time: the holding queue together with the old one, and then with the new one. */
function additionalWhileMoved(from: string, to: string, vhost: string, queues: ReadonlySet<string>): number {
  const names = new Set([from, to, holdingQueue({ vhost, name: from }).name])
  const existing = [...names].filter((name) => queues.has(address('queue', vhost, name))).length
  return Math.max(0, 2 - existing)
}
