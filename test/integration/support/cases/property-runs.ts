import { THOROUGH } from '../../../thorough.ts'

/** How often a property that uses a broker is tried, and from which seed. Every run prints its seed, which repeats it. */
export function propertyRuns(usual: number): {
  readonly seed: number
  readonly numRuns: number
  readonly timeout: number
} {
  const numRuns = Number(process.env['WARREN_PROPERTY_RUNS'] ?? usual * THOROUGH)
  const seed = Number(process.env['WARREN_PROPERTY_SEED'] ?? Date.now() % 2 ** 31)
  return { seed, numRuns, timeout: 60_000 + numRuns * MILLISECONDS_A_CASE }
}

/** For one case; shrinking a failing one takes dozens of them. */
const MILLISECONDS_A_CASE = 10_000
