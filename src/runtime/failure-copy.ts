import type { Failure } from './failure.ts'
import type { Incoming } from './incoming.ts'
import type { OutgoingMessage } from './outgoing.ts'
import { errorText, ownHeaders, textHeader, WarrenHeader } from './warren-headers.ts'

/**
 * Makes the copy of a failed message, which takes its place in a delay queue or the dead-letter queue.
 *
 * Only listed properties are copied: the broker checks `userId` against this login, `expiration` would let
 * the copy expire on the way, `CC` and `BCC` would send it to other queues again, and a copy that carries
 * `x-death` is dropped as a cycle by RabbitMQ 3.x.
 */
export function failureCopy(
  incoming: Incoming,
  failure: Failure,
  to: { subscription: string; routingKey: string; retries: number; withHeaders: boolean },
): OutgoingMessage {
  const { properties, content } = incoming.message
  return {
    route: to.subscription,
    label: `the copy of a failed message of subscription "${to.subscription}"`,
    messageId: incoming.messageId ?? '',
    routingKey: to.routingKey,
    content,
    // Its id is that of the message, which may be on its way a second time.
    isOnlyWithId: false,
    properties: {
      mandatory: true,
      persistent: true,
      headers: {
        ...(to.withHeaders && ownHeaders(properties.headers)),
        [WarrenHeader.attempt]: to.retries,
        [WarrenHeader.reason]: failure.reason,
        [WarrenHeader.error]: errorText(failure.error),
        [WarrenHeader.firstFailed]:
          textHeader(properties.headers, WarrenHeader.firstFailed) ?? new Date().toISOString(),
        [WarrenHeader.exchange]: incoming.exchange,
        [WarrenHeader.routingKey]: incoming.routingKey,
      },
      messageId: properties.messageId,
      correlationId: properties.correlationId,
      type: properties.type,
      contentType: properties.contentType,
      contentEncoding: properties.contentEncoding,
      timestamp: properties.timestamp,
      priority: properties.priority,
      replyTo: properties.replyTo,
      appId: properties.appId,
    },
  }
}
