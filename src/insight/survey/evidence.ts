import { address } from '../../model/address.ts'
import { countByQueue } from './clients.ts'
import type { Consumer, QueueUsage } from '../../broker/snapshot/snapshot.ts'

/** What one look at the use of a vhost saw. */
export interface UseSeen {
  readonly vhost: string
  readonly usage?: ReadonlyMap<string, QueueUsage>
  readonly consumers?: readonly Consumer[]
}

/**
 * What was seen to be used in a window of time. A queue without evidence may be in use all the same: a weekly job leaves no
 * trace in a minute.
 */
export interface Evidence {
  /** How long the window was, in milliseconds. */
  readonly window: number
  /** How often it was looked. */
  readonly looks: number
  /** Queues with evidence of use, by address, those with most messages first. */
  readonly used: readonly UsedQueue[]
  /** How many queues have no evidence of use in this window. */
  readonly withoutEvidence: number
  /** Queues of which statistics say nothing: whether they are in use is unknown. */
  readonly unknown: number
  /** Programs whose consumers came or went. */
  readonly changes: readonly ConsumerChange[]
}

/** A queue that was used in the window. */
export interface UsedQueue {
  readonly address: string
  /** Messages that arrived. */
  readonly published: number
  /** Messages that were delivered, redelivered ones included. */
  readonly delivered: number
  /** Consumers at the end of the window; absent where they are unknown. */
  readonly consumers?: number
}

export interface ConsumerChange {
  readonly address: string
  readonly change: 'came' | 'went'
  readonly user?: string
  readonly name?: string
  readonly product?: string
  readonly clientAddress?: string
}

/**
 * Compares looks at the same vhosts.
 *
 * @param looks at least two, in order, each with all vhosts
 * @param window from the first to the last, in milliseconds
 */
export function evidenceOf(looks: readonly (readonly UseSeen[])[], window: number): Evidence {
  const used: UsedQueue[] = []
  let [withoutEvidence, unknown] = [0, 0]
  const [first = []] = looks
  const last = looks.at(-1) ?? []
  for (const { vhost, usage: before } of first) {
    const seen = last.find((each) => each.vhost === vhost)
    const after = seen?.usage
    if (before === undefined || after === undefined) continue
    const consumed = countByQueue(seen?.consumers ?? [])
    const everConsumed = new Set(looks.flat().flatMap((look) => (look.vhost === vhost ? queuesConsumed(look) : [])))
    for (const [name, now] of after) {
      const past = before.get(name)
      const published = grown(past?.published, now.published)
      const delivered = grown(past?.delivered, now.delivered)
      if (published + delivered > 0 || everConsumed.has(name)) {
        used.push({
          address: address('queue', vhost, name),
          published,
          delivered,
          ...(seen?.consumers && { consumers: consumed.get(name) ?? 0 }),
        })
      } else if (seen?.consumers === undefined && now.published === undefined) unknown += 1
      else withoutEvidence += 1
    }
  }
  return {
    window,
    looks: looks.length,
    used: used.toSorted(
      (a, b) => b.published + b.delivered - a.published - a.delivered || (a.address < b.address ? -1 : 1),
    ),
    withoutEvidence,
    unknown,
    changes: consumerChanges(looks),
  }
}

function queuesConsumed({ consumers = [] }: UseSeen): readonly string[] {
  return consumers.map(({ queue }) => queue)
}

/** How far a counter has grown. One that began in between begins at 0, and so does one of a queue that was declared again. */
function grown(before: number | undefined, after: number | undefined): number {
  const difference = (after ?? 0) - (before ?? 0)
  return difference < 0 ? (after ?? 0) : difference
}

/** Who came or went from one look to the next. */
function consumerChanges(looks: readonly (readonly UseSeen[])[]): ConsumerChange[] {
  const changes: ConsumerChange[] = []
  for (const [index, look] of looks.entries()) {
    const previous = looks[index - 1]
    if (previous === undefined) continue
    for (const { vhost, consumers } of look) {
      const before = previous.find((each) => each.vhost === vhost)?.consumers
      if (consumers === undefined || before === undefined) continue
      changes.push(...changed(vhost, consumers, before, 'came'), ...changed(vhost, before, consumers, 'went'))
    }
  }
  return changes
}

/** Consumers that are in the first list and not in the second. */
function changed(
  vhost: string,
  those: readonly Consumer[],
  without: readonly Consumer[],
  change: ConsumerChange['change'],
): ConsumerChange[] {
  const known = new Set(without.map(identity))
  const missing = those.filter((each) => !known.has(identity(each)))
  return missing.map(({ queue, user, name, product, address: clientAddress }) => ({
    address: address('queue', vhost, queue),
    change,
    ...(user !== undefined && { user }),
    ...(name !== undefined && { name }),
    ...(product !== undefined && { product }),
    ...(clientAddress !== undefined && { clientAddress }),
  }))
}

function identity({ queue, connection }: Consumer): string {
  return JSON.stringify([queue, connection])
}
