/** The limits above which checks report numbers. */
export interface DoctorLimits {
  /** Ready messages in one queue. */
  readonly maxDepth: number
  /** The age of the oldest message, in milliseconds. */
  readonly maxAge: number
}

export const DEFAULT_LIMITS: DoctorLimits = { maxDepth: 10_000, maxAge: 3_600_000 }
