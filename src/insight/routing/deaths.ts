import { isAtLeast } from '../../model/broker-version.ts'

/** Why a queue drops or dead-letters a message. */
export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit'

/** One row of a message's dead-letter history (`x-death`), for one queue and reason. */
export interface Death {
  readonly queue: string
  readonly reason: DeathReason
  readonly count: number
}

/** The dead-letter history of a message, the newest first. */
export type Deaths = readonly Death[]

/**
 * Adds a death to the history: one row for each queue and reason, the newest first. Up to 3.12, the broker reverses
 * the older rows each time (rabbit_dead_letter: `group_by_queue_and_reason`).
 */
export function withDeath(deaths: Deaths, queue: string, reason: DeathReason, version: string): Deaths {
  const older = isAtLeast(version, '3.13.0') ? deaths : deaths.toReversed()
  const isSame = (death: Death) => death.queue === queue && death.reason === reason
  const count = (deaths.find(isSame)?.count ?? 0) + 1
  return [{ queue, reason, count }, ...older.filter((death) => !isSame(death))]
}

/**
 * Whether the broker drops a dead letter because it has already been in the target queue and no consumer has rejected
 * it since (rabbit_dead_letter: `is_cycle`). A message that is being rejected never counts as a cycle.
 *
 * @param deaths including the present one
 */
export function isCycle(deaths: Deaths, target: string, reason: DeathReason): boolean {
  if (reason === 'rejected') return false
  const last = deaths.findIndex(({ queue }) => queue === target)
  return last >= 0 && deaths.slice(0, last + 1).every((death) => death.reason !== 'rejected')
}
