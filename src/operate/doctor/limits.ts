/** The limits above which checks report numbers. */
export interface DoctorLimits {
  /** Ready messages in one queue. */
  readonly maxDepth: number
  /** The age of the oldest message, in milliseconds. */
  readonly maxAge: number
}

export const DEFAULT_LIMITS: DoctorLimits = { maxDepth: 10_000, maxAge: 3_600_000 }

/** The number of looks in a sample, and the limits of the time between two, in milliseconds. */
const LOOKS = 6
const SHORTEST_PAUSE = 1_000
const LONGEST_PAUSE = 10_000
/** All looks are kept until the end, so their number must not grow with the sample. */
const MOST_LOOKS = 60

/** The time between two checks in a sample, in milliseconds. */
export function pauseBetweenLooks(sample: number): number {
  const usual = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, sample / (LOOKS - 1)))
  return Math.max(usual, sample / (MOST_LOOKS - 1))
}
