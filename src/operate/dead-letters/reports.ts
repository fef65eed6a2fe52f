import type { Peeked } from './peek.ts'
import type { PurgeFound } from './purge.ts'
import type { Replayed } from './replay.ts'
import type { Summary } from './summary.ts'

/** The broker that dead letters are on. */
export interface DeadLetterBroker {
  readonly name: string
  readonly version: string
  /** Of the management API, without login. */
  readonly url: string
}

/** How much is in a dead-letter queue. */
export interface QueueState {
  readonly type: string
  /** Ready at this moment; of a stream all that it keeps. */
  readonly ready: number
  /** Some consumer has them; some seconds late, and absent where the broker does not tell. */
  readonly unacknowledged?: number
  readonly consumers: number
}

/** One dead-letter queue of the files. */
export interface ListedQueue {
  readonly address: string
  readonly vhost: string
  readonly name: string
  /** The queues whose dead letters it gets. */
  readonly serves: readonly string[]
  /** Absent when it is not on the broker. */
  readonly state?: QueueState
  /** Of the first dead letters; absent unless asked for. */
  readonly summary?: Summary
  /** Why there is no summary though it was asked for. */
  readonly notLookedAt?: string
}

/** All dead-letter queues of the files. */
export interface DeadLetterList {
  /** Absent when the files declare no dead-letter queue: then no broker was asked. */
  readonly broker?: DeadLetterBroker
  readonly queues: readonly ListedQueue[]
}

/** The dead-letter queue that something is done with. */
export interface AboutQueue {
  readonly broker: DeadLetterBroker
  /** Its address. */
  readonly queue: string
  /** Its name. */
  readonly name: string
  /** How many messages were ready in it at the beginning. */
  readonly ready: number
  /** How many others take from it. */
  readonly consumers: number
}

export interface PeekReport extends AboutQueue, Peeked {}

/** What a replay is about. */
export interface ReplayQuestion extends AboutQueue {
  /** The queues that dead letters would go back to. */
  readonly targets: readonly string[]
}

export interface ReplayReport extends ReplayQuestion {
  readonly dryRun: boolean
  /** Absent when there was nothing to replay, or it was not confirmed. */
  readonly result?: Replayed
  readonly notConfirmed?: true
}

/** What a purge would delete, and holds. */
export interface PurgeQuestion extends AboutQueue, PurgeFound {}

export interface PurgeReport extends PurgeQuestion {
  readonly dryRun: boolean
  readonly purged: number
  readonly notConfirmed?: true
}
