import type { Options } from 'amqplib'

/** What the broker has confirmed. */
export interface Confirmed {
  readonly messageId: string
  readonly exchange: string
  readonly routingKey: string
}

/** One message, ready for the wire. */
export interface OutgoingMessage {
  /** The publication's name, or for the copy of a failed message the subscription's. */
  readonly route: string
  /** What errors call it, such as `publication "send-email"`. */
  readonly label: string
  readonly messageId: string
  readonly routingKey: string
  readonly content: Buffer
  readonly properties: Options.Publish
  /** Whether no other message can have its id, so that a returned message is recognised by it. */
  readonly isOnlyWithId: boolean
  /** Whether its content goes to the payload store first, and a reference over the wire. */
  readonly isForStore?: boolean
}

/** How long the caller waits for the confirm of a message. */
export interface PublishDeadline {
  /** In milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}
