import type { Peeked } from './peek.ts'
import type { PurgeFound } from './purge.ts'
import type { Replayed } from './replay.ts'
import type { Summary } from './summary.ts'

/** The broker that dead letters are on. */
export interface DeadLetterBroker {
  readonly name: string
  readonly version: string
  /** The URL of the management API, without login. */
  readonly url: string
}

/** The contents of a dead-letter queue. */
export interface QueueState {
  readonly type: string
  /** Messages that are ready now; for a stream, all messages that it keeps. */
  readonly ready: number
  /** Messages that consumers hold; a few seconds old, and absent where the broker does not report it. */
  readonly unacknowledged?: number
  readonly consumers: number
}

/** One dead-letter queue. */
export interface ListedQueue {
  readonly address: string
  readonly vhost: string
  readonly name: string
  /** The queues whose dead letters it receives. Empty if they are unknown. */
  readonly serves: readonly string[]
  /** Absent when the queue does not exist on the broker. */
  readonly state?: QueueState
  /** Summarizes the first dead letters; absent unless requested. */
  readonly summary?: Summary
  /** Why a requested summary is missing. */
  readonly notLookedAt?: string
}

/** All dead-letter queues of files or of a broker. */
export interface DeadLetterList {
  /** Absent when there is no dead-letter queue. */
  readonly broker?: DeadLetterBroker
  /** Whether the queues are those of the broker. Absent if files declare them. */
  readonly live?: true
  /**
   * Data that the login may not read, so that queues or the origins of dead letters may be missing. Absent if there
   * is none.
   */
  readonly unread?: readonly string[]
  readonly queues: readonly ListedQueue[]
}

/** The dead-letter queue that a command works on. */
export interface AboutQueue {
  readonly broker: DeadLetterBroker
  /** Its address. */
  readonly queue: string
  /** Its name. */
  readonly name: string
  /** How many messages were ready in it at the beginning. */
  readonly ready: number
  /** How many other consumers it has. */
  readonly consumers: number
}

export interface PeekReport extends AboutQueue, Peeked {}

/** The messages of a replay, for the confirmation. */
export interface ReplayQuestion extends AboutQueue {
  /** The queues that dead letters would return to. */
  readonly targets: readonly string[]
}

export interface ReplayReport extends ReplayQuestion {
  readonly dryRun: boolean
  /** Absent when there was nothing to replay, or it was not confirmed. */
  readonly result?: Replayed
  readonly notConfirmed?: true
}

/** The messages that a purge would delete, for the confirmation. */
export interface PurgeQuestion extends AboutQueue, PurgeFound {}

export interface PurgeReport extends PurgeQuestion {
  readonly dryRun: boolean
  readonly purged: number
  readonly notConfirmed?: true
}
