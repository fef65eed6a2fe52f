/** The share of an interval by which it is prolonged at random. */
const JITTER = 0.1

/**
 * The time until the next look, in milliseconds: the interval and up to a tenth of it, so that services that started together
 * do not ask the broker together, and no service asks more than once in an interval.
 *
 * @param random from 0 to 1
 */
export function nextLook(interval: number, random: number): number {
  return Math.round(interval * (1 + JITTER * random))
}

/** In milliseconds. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 300_000

/**
 * The pause before a webhook is tried again, in milliseconds: it doubles with each failure, up to five minutes.
 *
 * @param failures how many attempts have failed in a row
 * @param random from 0 to 1
 */
export function pauseAfter(failures: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures - 1, 20))
  return Math.round(longest * (0.5 + random / 2))
}
