import {
  bytesOfHeaders,
  copyableHeaders,
  copyableProperties,
  LARGEST_HEADERS,
  roomForHeaders,
} from '../../broker/amqp/messages/copyable-headers.ts'
import { describingProperties } from '../../broker/amqp/messages/copied-properties.ts'
import type { Failure } from './failure.ts'
import type { Incoming } from '../consume/incoming.ts'
import type { OutgoingMessage } from '../publish/outgoing.ts'
import {
  cutToHeader,
  failureText,
  ownHeaders,
  SEQUENCE_HEADER,
  textHeader,
  LONGEST_ERROR,
  timeHeader,
  WarrenHeader,
} from '../../broker/amqp/messages/warren-headers.ts'

/** Where a copy goes, and how much it may carry. */
export interface CopyTarget {
  readonly subscription: string
  readonly routingKey: string
  readonly retries: number
  /** The largest frame of the connection, in bytes: all headers go in one. */
  readonly frameMax: number
  /** False when a copy with the message's own headers and properties was refused. */
  readonly withOthers: boolean
}

/** The copy of a failed message, and the names of the headers and properties that it could not carry. */
export interface FailureCopy {
  readonly copy: OutgoingMessage
  readonly dropped: readonly string[]
}

/**
 * Makes the copy of a failed message, which takes its place in a delay queue or the dead-letter queue.
 *
 * Only listed properties are copied: the broker checks `userId` against this login, `expiration` would let
 * the copy expire on the way, `CC` and `BCC` would send it to other queues again, and a copy that carries
 * `x-death` is dropped as a cycle by RabbitMQ 3.x.
 *
 * A publisher can set what the copy cannot carry, such as headers that are larger than amqplib writes. The copy is made
 * without the largest of these rather than not at all, and names them.
 */
export function failureCopy(incoming: Incoming, failure: Failure, to: CopyTarget): FailureCopy {
  const { properties, content } = incoming.message
  const listed = describingProperties(properties)
  const carried = to.withOthers
    ? copyableProperties(listed)
    : {
        properties: {},
        dropped: Object.keys(listed),
      }
  const own = copyHeaders(incoming, failure, to)
  const room =
    roomForHeaders(carried.properties, to.frameMax) - (bytesOfHeaders(own) ?? LARGEST_HEADERS) - ADDED_WHEN_SENT
  const others = ownHeaders(properties.headers)
  const { headers, dropped: droppedHeaders } = to.withOthers
    ? copyableHeaders(others, room)
    : { headers: {}, dropped: Object.keys(others) }
  const dropped = [...carried.dropped, ...droppedHeaders]
  const copy: OutgoingMessage = {
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
      ...carried.properties,
      headers: {
        ...headers,
        ...own,
        ...(dropped.length > 0 && { [WarrenHeader.dropped]: cutToHeader(dropped.join(', ')) }),
      },
    },
  }
  return { copy, dropped }
}

/** The names of what was dropped, and the sequence number by which a returned copy is recognized; in bytes. */
const ADDED_WHEN_SENT = 2 * 64 + LONGEST_ERROR + SEQUENCE_HEADER.length

function copyHeaders(incoming: Incoming, failure: Failure, { retries }: CopyTarget): Record<string, unknown> {
  const { headers } = incoming.message.properties
  const dropped = textHeader(headers, WarrenHeader.dropped, LONGEST_ERROR)
  return {
    [WarrenHeader.attempt]: retries,
    [WarrenHeader.reason]: failure.reason,
    [WarrenHeader.error]: failureText(failure.error),
    [WarrenHeader.firstFailed]:
      timeHeader(headers, WarrenHeader.firstFailed) ?? new Date(incoming.session.clock.time()).toISOString(),
    [WarrenHeader.exchange]: incoming.exchange,
    [WarrenHeader.routingKey]: incoming.routingKey,
    ...(dropped !== undefined && { [WarrenHeader.dropped]: dropped }),
  }
}
