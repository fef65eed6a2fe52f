import { isAtLeast } from '../../../model/broker-version.ts'
import type { QueueSettings } from '../queue-settings.ts'

/** How a queue orders its messages by their priority. */
export interface PriorityRule {
  /** The version of the broker that the rule applies to. */
  readonly version: string
  /** The lane in which a message waits. Higher lanes are delivered first. */
  laneOf(priority: number | undefined): number
  /** Whether a lower lane is served from time to time. */
  readonly isWeighted: boolean
  /** Whether the first message of each lane expires on time, instead of only the first message of the queue. */
  readonly eachLaneExpires: boolean
}

/** From this priority on, a quorum queue of 4.0 to 4.2 treats a message as important (rabbit_fifo: `priority_tag`). */
const IMPORTANT = 5
/**
 * The highest priority that a quorum queue of 4.3 distinguishes, and the default priority of its messages
 * (rabbit_fifo).
 */
const HIGHEST = 31
const WITHOUT_PRIORITY = 4

/**
 * A classic queue has a lane for each priority up to its maximum. A quorum queue has 32 lanes from 4.3 on
 * (rabbit_fifo_pq), two on 4.0 to 4.2 (rabbit_fifo_q), and one before.
 */
export function priorityRule({ type, maxPriority = 0 }: QueueSettings, version: string): PriorityRule {
  const strict = { version, isWeighted: false, eachLaneExpires: false }
  if (type === 'classic') return { ...strict, laneOf: (priority = 0) => Math.min(priority, maxPriority) }
  if (type === 'stream' || !isAtLeast(version, '4.0.0')) return { ...strict, laneOf: () => 0 }
  if (isAtLeast(version, '4.3.0')) {
    const laneOf = (priority = WITHOUT_PRIORITY) => Math.min(priority, HIGHEST)
    return { ...strict, laneOf, eachLaneExpires: true }
  }
  return { ...strict, laneOf: (priority = 0) => (priority >= IMPORTANT ? 1 : 0), isWeighted: true }
}
