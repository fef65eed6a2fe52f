import type { MessageProperties, Options } from 'amqplib'

/**
 * Headers that belong to a delivery and not to the message: what the broker has added (`x-death`, which a copy loses on
 * its way through a delay queue, on 3.10 with the copy), and those by which it would route the copy to other queues.
 */
const NOT_COPIED = /^(x-death|x-(first|last)-death-.*|x-delivery-count|x-acquired-count|x-stream-offset|CC|BCC)$/

/**
 * The properties with which a message is published again: all that say what it is.
 *
 * Left out are `expiration`, which would begin anew, `userId`, which the broker refuses unless it is that of the
 * connection, and `clusterId`, which is deprecated.
 */
export function copiedProperties(properties: MessageProperties): Options.Publish {
  const { contentType, contentEncoding, deliveryMode, priority, correlationId } = properties
  const { replyTo, messageId, timestamp, type, appId, headers } = properties
  return defined({
    contentType,
    contentEncoding,
    deliveryMode,
    priority,
    correlationId,
    replyTo,
    messageId,
    timestamp,
    type,
    appId,
    headers: headers && Object.fromEntries(Object.entries(headers).filter(([key]) => !NOT_COPIED.test(key))),
  })
}

function defined(properties: Readonly<Record<string, unknown>>): Options.Publish {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))
}
