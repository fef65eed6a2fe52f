/**
 * The parts of an apply that may have to wait for other runs on the same broker. Of projects that refer to each other in a cycle,
 * `rest` is everything but virtual hosts, exchanges and queues; of others all of it is `writes`.
 */
export type RunPart = 'claim' | 'writes' | 'rest' | 'deletes'

/** The place of an apply among several on one broker. */
export interface Turn {
  /** Whether its project is part of a cycle, so that `rest` is a part of its own. */
  readonly isInCycle: boolean
  /** Waits until a part may begin. */
  readonly begin: (part: RunPart) => Promise<void>
  /** Whether an object of another run is missing since that run failed to create it. */
  readonly isMissing: (address: string) => boolean
}
