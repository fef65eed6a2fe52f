import type { MessageFilter } from '../../operate/dead-letters/message-filter.ts'
import type { DeadLetterOptions } from './dead-letter-session.ts'

/** The dead letters of an operation. */
export interface DeadLetterChoice extends DeadLetterOptions {
  /** A dead-letter queue, or a queue that has one, by its name or address. */
  readonly queue: string
  /** Default: all. */
  readonly filter?: MessageFilter
  /** Reads messages even if the broker counts each read and drops a message after too many. Default false. */
  readonly useDeliveries?: boolean
}
