import type { FailureReason } from '../../broker/amqp/messages/warren-headers.ts'

/** The result of an attempt. */
export type OutcomeKind =
  /** The handler returned, and the message was acknowledged. */
  | 'done'
  /** It failed, and is delivered again after `delay` milliseconds. */
  | 'retried'
  /** It failed for the last time, and went to the dead-letter queue. */
  | 'deadLettered'
  /**
   * It failed, and was acknowledged and dropped: as `then: discard` or `onFailure: discard` declares, or because it is a
   * request whose sender received the failure.
   */
  | 'discarded'
  /** It had been done before (`idempotencyKey`), and was acknowledged without running the handler. */
  | 'duplicate'
  /**
   * Another attempt at the message is in progress (`idempotencyKey`), or the store fails. The attempt is repeated after
   * a pause.
   */
  | 'held'
  /** The consumer ended because of it (`onFailure: stop`, or a message that cannot be read); it is back in its queue. */
  | 'stopped'
  /** The consumer was stopped while its handler ran; it is back in its queue. */
  | 'requeued'

/** The result of an attempt, with the reason. */
export interface DeliveryOutcome {
  readonly outcome: OutcomeKind
  readonly subscription: string
  readonly messageId: string | undefined
  /** The number of the attempt; 1 is the first. */
  readonly attempt: number
  /** Why it failed: `error`, `timeout`, `invalid` (the body cannot be read, or the schema refuses it) or `poison`. */
  readonly reason?: FailureReason
  /** The error that the handler threw, or the reason why the message is invalid. */
  readonly error?: unknown
  /** When it is redelivered, in milliseconds from now. */
  readonly delay?: number
}
