import type { Options } from 'amqplib'

/** A publish that the broker has confirmed. */
export interface Confirmed {
  readonly messageId: string
  readonly exchange: string
  readonly routingKey: string
}

/** One message, ready to be sent. */
export interface OutgoingMessage {
  /** The name of the publication, or of the subscription for the copy of a failed message. */
  readonly route: string
  /** Its name in errors, such as `publication "send-email"`. */
  readonly label: string
  readonly messageId: string
  readonly routingKey: string
  /** The exchange to publish to, in place of that of its route, if the message is delayed. */
  readonly delayExchange?: string
  readonly content: Buffer
  readonly properties: Options.Publish
  /** Whether its id is unique, so that it identifies a returned message. */
  readonly isOnlyWithId: boolean
  /** Whether its content is stored in the payload store, and only a reference is sent. */
  readonly isForStore?: boolean
}

/** How long the caller waits for the confirm of a message. */
export interface PublishDeadline {
  /** In milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}
