import type { Amqp } from '../broker/amqp/connections/amqp.ts'
import type { Outcome } from './report.ts'

/** How an apply goes on. */
export interface ApplyOptions {
  /** How many writes may be under way at once. */
  readonly parallelism: number
  /** What messages are counted and moved with; a plan that deletes or replaces a queue needs it. */
  readonly amqp?: Amqp
  /** Whether the login may read users and topic permissions. Default true. */
  readonly isAdministrator?: boolean
  /** Whether the broker deletes the topic permissions on an exchange with it. Default true. */
  readonly takesTopicPermissions?: boolean
  /** When aborted, nothing more is begun; what is under way is finished and read back. */
  readonly signal?: AbortSignal
  /** Told as each of the `total` changes ends, those that are not begun included. */
  readonly onOutcome?: (outcome: Outcome, total: number) => void
  /** Told the name of a virtual host right before it is deleted. */
  readonly onVhostDelete?: (name: string) => void
  /** Told what a long step is doing, in a short sentence. */
  readonly onProgress?: (text: string) => void
}

/** How the changes ended, by address. */
export type Outcomes = ReadonlyMap<string, Outcome>

/** What an apply has come to so far. */
export interface Progress {
  readonly outcomes: Outcomes
  readonly end: (outcome: Outcome) => void
  /** Addresses of bindings that the run makes, whichever step: they put nothing at risk. */
  readonly made: Set<string>
  /** Addresses of bindings that the plan deletes: what takes the place of their ends does not get them. */
  readonly dropped: ReadonlySet<string>
}
