/**
 * The parts of an apply that may have to wait for other runs on the same broker. If projects refer to each other in a
 * cycle, `rest` is everything except virtual hosts, exchanges and queues. Otherwise `writes` includes it.
 */
export type RunPart = 'claim' | 'writes' | 'rest' | 'deletes'

/** The turn of an apply among several on one broker. */
export interface Turn {
  /** Whether its project is part of a cycle, so that `rest` is a separate part. */
  readonly isInCycle: boolean
  /** Waits until a part may begin. */
  readonly begin: (part: RunPart) => Promise<void>
  /** Whether an object of another run is missing because that run failed to create it. */
  readonly isMissing: (address: string) => boolean
}
