import type { Queue } from '../../../model/topology.ts'

/** A queue that `retry` or `deadLetter` of another queue derives. */
export interface DerivedQueue {
  readonly queue: Queue
  /** An alternative declaration that is also accepted. */
  readonly orElse?: Queue
  readonly purpose: 'dead-letter' | 'delay'
  /** The name of the queue that derives it. */
  readonly of: string
  /** The file names it, so that it may be one that is declared, or one of another queue's. */
  readonly named: boolean
  /** `deadLetter` gives it limits of its own. */
  readonly limited: boolean
}

/** Where what failed for the last time goes, from the broker and from the runtime. */
export interface LastRoute {
  readonly exchange: string
  readonly routingKey: string
}

/** Above any number of returns that looking at messages can cause, and safe on every version, unlike -1. */
export const NEVER_BY_RETURNS = 1_000_000
