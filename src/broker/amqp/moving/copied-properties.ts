import type { MessageProperties, Options } from 'amqplib'
import { copyableHeaders, copyableProperties, roomForHeaders } from './copyable-headers.ts'

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
 *
 * @throws {UncopyableError} when a copy would lack headers or properties of the message
 */
export function copiedProperties(properties: MessageProperties): Options.Publish {
  const { contentType, contentEncoding, deliveryMode, priority, correlationId } = properties
  const { replyTo, messageId, timestamp, type, appId, headers } = properties
  const listed = defined({
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
  })
  const copied = copyableProperties(listed)
  if (copied.dropped.length > 0) throw new UncopyableError(copied.dropped)
  if (!headers) return listed
  const own = Object.fromEntries(Object.entries(headers).filter(([key]) => !NOT_COPIED.test(key)))
  const copyable = copyableHeaders(own, roomForHeaders(listed, Infinity))
  if (copyable.dropped.length > 0) throw new UncopyableError(copyable.dropped)
  return { ...listed, headers: copyable.headers }
}

/** A message that cannot be published again with all its headers and properties. It is left where it is. */
export class UncopyableError extends Error {
  override readonly name = 'UncopyableError'

  constructor(names: readonly string[]) {
    const shown = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 100)))
    super(
      `a message cannot be copied with its headers and properties ${shown.join(', ')} (all headers: at most 64 KiB, tables nested at most 500 deep)`,
    )
  }
}

function defined(properties: Readonly<Record<string, unknown>>): Options.Publish & Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))
}
