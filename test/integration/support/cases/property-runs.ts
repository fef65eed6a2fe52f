import { THOROUGH } from '../../../thorough.ts'

/**
 * The number of cases of a property that uses a broker, and its seed. Each run prints its seed; with that seed, a run
 * has the same cases.
 */
export function propertyRuns(usual: number): {
  readonly seed: number
  readonly numRuns: number
  readonly timeout: number
} {
  const numRuns = Number(process.env['WARREN_PROPERTY_RUNS'] ?? usual * THOROUGH)
  const seed = Number(process.env['WARREN_PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
  return { seed, numRuns, timeout: 60_000 + numRuns * MILLISECONDS_A_CASE }
}

/** The time for one case. Shrinking a failing case takes dozens of cases. */
const MILLISECONDS_A_CASE = 10_000
