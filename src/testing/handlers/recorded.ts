import type { OutgoingMessage } from '../../runtime/publish/outgoing-message.ts'
import { decodedContent } from './decoded-content.ts'
import type { MessageHeaders } from '../../broker/amqp/messages/warren-headers.ts'

/** A message that was published in a test. */
export interface RecordedPublish<Body = unknown> {
  readonly publication: string
  readonly exchange: string
  /** With its parameters filled in. */
  readonly routingKey: string
  /** The body as a consumer decodes it: JSON as a value, text as a string, everything else as bytes. */
  readonly body: Body
  readonly messageId: string
  /** The headers of the publication and of the program. */
  readonly headers: MessageHeaders
  readonly contentType: string | undefined
  readonly correlationId: string | undefined
  readonly type: string | undefined
  readonly replyTo: string | undefined
  /** In milliseconds. */
  readonly expiration: number | undefined
  readonly priority: number | undefined
  /** The delay that the program chose. Absent: none. */
  readonly delay?: string
}

/** A message that was moved to the dead-letter queue in a test. */
export interface RecordedDeadLetter<Body = unknown> {
  /** The subscription with the handler that failed. */
  readonly subscription: string
  /** The exchange and routing key of the dead letter, which lead to the dead-letter queue. */
  readonly exchange: string
  readonly routingKey: string
  /** The body as its handler would receive it, or the bytes if they cannot be decoded. */
  readonly body: Body
  readonly messageId: string
  /** The number of attempts. */
  readonly attempts: number
  /** Why the last attempt failed: `error`, `timeout`, `invalid` or `poison`. */
  readonly reason: string
  /** The text of the last error. */
  readonly error: string
  /** All headers of the message in the dead-letter queue, including those of warren. */
  readonly headers: MessageHeaders
}

/** A message that is redelivered when the clock reaches its time. */
export interface WaitingMessage {
  readonly subscription: string
  readonly messageId: string | undefined
  /** The number of the next attempt. */
  readonly attempt: number
  /** When it is delivered, by the clock of the test runtime. */
  readonly due: Date
}

/** Makes the record of a message. */
export function recorded(exchange: string, message: OutgoingMessage, delay?: string): RecordedPublish {
  const { route, messageId, routingKey, properties } = message
  const { headers = {}, contentType, correlationId, type, replyTo, expiration, priority } = properties
  return {
    publication: route,
    exchange,
    routingKey,
    body: decodedContent(message),
    messageId,
    headers: { ...(headers as Record<string, unknown>) },
    contentType,
    correlationId,
    type,
    replyTo,
    expiration: expiration === undefined ? undefined : Number(expiration),
    priority,
    ...(delay !== undefined && { delay }),
  }
}
