/** The broker takes the totals of a quorum queue, and counts the messages of a stream, every five seconds. */
const USUAL = 6_000

let delay = USUAL

/** After so long, in milliseconds, a broker's counts are newer than what happened before. */
export function countingDelay(): number {
  return delay
}

/**
 * Only for tests, whose broker counts more often. A program cannot know how its broker is configured, and would delete
 * queues that only seem empty.
 */
export function setCountingDelay(milliseconds: number): void {
  delay = milliseconds
}
