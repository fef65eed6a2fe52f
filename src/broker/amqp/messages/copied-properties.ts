import type { MessageProperties, Options } from 'amqplib'
import { belongsToDelivery } from './warren-headers.ts'
import { copyableHeaders, copyableProperties, roomForHeaders } from './copyable-headers.ts'

/**
 * The properties that describe a message and that a copy keeps.
 *
 * It does not contain `expiration`, which would start again for the copy; `userId`, which the broker refuses unless
 * it is the user of the connection; and the deprecated `clusterId`.
 */
const COPIED_PROPERTIES = [
  'contentType',
  'contentEncoding',
  'priority',
  'correlationId',
  'replyTo',
  'messageId',
  'timestamp',
  'type',
  'appId',
] as const

/** The properties of a received message that a copy keeps, without its delivery mode and its headers. */
export function describingProperties(received: MessageProperties): Options.Publish & Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const name of COPIED_PROPERTIES) {
    const value: unknown = received[name]
    if (value !== undefined) properties[name] = value
  }
  return properties
}

/**
 * The properties with which a message is published again, with the headers that its publisher set.
 *
 * @throws {UncopyableError} when a copy would lack headers or properties of the message
 */
export function copiedProperties(properties: MessageProperties): Options.Publish {
  const { deliveryMode, headers } = properties
  const listed = { ...describingProperties(properties), ...(deliveryMode !== undefined && { deliveryMode }) }
  const copied = copyableProperties(listed)
  if (copied.dropped.length > 0) throw new UncopyableError(copied.dropped)
  if (!headers) return listed
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !belongsToDelivery(name)))
  const copyable = copyableHeaders(own, roomForHeaders(listed, Infinity))
  if (copyable.dropped.length > 0) throw new UncopyableError(copyable.dropped)
  return { ...listed, headers: copyable.headers }
}

/** A message cannot be published again with all its headers and properties. It stays in its queue. */
export class UncopyableError extends Error {
  override readonly name = 'UncopyableError'
  readonly code = 'MOVE_FAILED'

  constructor(names: readonly string[]) {
    const shown = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 100)))
    super(
      `a message cannot be copied with its headers and properties ${shown.join(', ')} (all headers: at most 64 KiB, tables nested at most 500 deep)`,
    )
  }
}
