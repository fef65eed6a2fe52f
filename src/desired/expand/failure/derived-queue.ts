import type { Queue } from '../../../model/topology.ts'

/** A queue that `retry` or `deadLetter` of another queue derives. */
export interface DerivedQueue {
  readonly queue: Queue
  /** An alternative declaration that is accepted too. */
  readonly orElse?: Queue
  readonly purpose: 'dead-letter' | 'delay'
  /** The name of the queue that derives it. */
  readonly of: string
  /** Whether the file names it, so that it may be a declared queue, or a queue that another queue also names. */
  readonly named: boolean
  /** Whether `deadLetter` sets limits for it. */
  readonly limited: boolean
}

/** The route of messages that failed for the last time, used by the broker and the runtime. */
export interface LastRoute {
  readonly exchange: string
  readonly routingKey: string
}

/** A limit that reading messages never reaches, and that is safe on every version, unlike -1. */
export const NEVER_BY_RETURNS = 1_000_000
