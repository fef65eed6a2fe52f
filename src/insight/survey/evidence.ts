import { address } from '../../model/address.ts'
import { countByQueue } from './clients.ts'
import type { Consumer, QueueUsage } from '../../broker/snapshot/snapshot.ts'

/** The use of a vhost at one point in time. */
export interface UseSeen {
  readonly vhost: string
  readonly usage?: ReadonlyMap<string, QueueUsage>
  readonly consumers?: readonly Consumer[]
}

/**
 * The objects that were in use during a period. A queue without evidence may still be in use: a weekly job leaves no
 * trace in a minute.
 */
export interface Evidence {
  /** The length of the period, in milliseconds. */
  readonly window: number
  /** The number of observations. */
  readonly looks: number
  /** Queues with evidence of use, by address, those with the most messages first. */
  readonly used: readonly UsedQueue[]
  /** The number of queues without evidence of use in this period. */
  readonly withoutEvidence: number
  /** The number of queues without statistics; their use is unknown. */
  readonly unknown: number
  /** Programs whose consumers appeared or disappeared. */
  readonly changes: readonly ConsumerChange[]
}

/** A queue that was used during the period. */
export interface UsedQueue {
  readonly address: string
  /** Messages that arrived. */
  readonly published: number
  /** Delivered messages, including redelivered ones. */
  readonly delivered: number
  /** Consumers at the end of the period; absent if unknown. */
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
 * Compares several observations of the same vhosts.
 *
 * @param looks at least two observations in order, each with all vhosts
 * @param window the time from the first to the last, in milliseconds
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

/** The growth of a counter. A counter that is new, or smaller because its queue was recreated, starts at 0. */
function grown(before: number | undefined, after: number | undefined): number {
  const difference = (after ?? 0) - (before ?? 0)
  return difference < 0 ? (after ?? 0) : difference
}

/** The consumers that appeared or disappeared between two observations. */
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

/** Consumers that are in the first list but not in the second. */
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
