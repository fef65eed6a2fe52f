import type { Queue } from '../../model/topology.ts'

/** The longest delay that a migration waits for, in milliseconds. */
const LONGEST_WAIT = 60_000

/**
 * Whether a queue is a delay queue that becomes empty soon after the last message, so that no messages have to be
 * moved.
 */
export function drainsByItself(from: Queue, to: Queue): boolean {
  const delay = delayOf(from)
  return to.role?.kind === 'delay' && delay !== undefined && delay <= LONGEST_WAIT
}

/** How long a message stays in a delay queue, in milliseconds. */
export function delayOf(queue: Queue): number | undefined {
  const ttl = queue.arguments['x-message-ttl']
  return typeof ttl === 'number' ? ttl : undefined
}
