import type { ReceivedQueueMembers } from '../management/answers/received.ts'

/** The number of members of a replicated queue, and of those that are online. */
export interface MemberCount {
  readonly members: number
  readonly online: number
}

/**
 * Counts the members of a queue that has lost their majority, so that it accepts and delivers nothing; undefined if
 * it has not. RabbitMQ 3.10 reports the state of such a queue as `running`, and answers 204 when it is deleted.
 */
export function withoutMajority({ state, members, online }: ReceivedQueueMembers): MemberCount | undefined {
  const all = members?.length ?? 0
  const up = online?.length ?? 0
  const isLost = state === 'minority' || (all > 0 && Array.isArray(online) && 2 * up <= all)
  return isLost ? { members: all, online: up } : undefined
}
