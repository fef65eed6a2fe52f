/** The broker computes the totals of a quorum queue, and counts the messages of a stream, every five seconds. */
const USUAL = 6_000

let delay = USUAL

/** How long it takes until a broker's counts include earlier events, in milliseconds. */
export function countingDelay(): number {
  return delay
}

/**
 * Only for tests whose broker counts more often. A program cannot know the configuration of its broker, and with a
 * shorter time it would delete queues that only seem empty.
 */
export function setCountingDelay(milliseconds: number): void {
  delay = milliseconds
}
