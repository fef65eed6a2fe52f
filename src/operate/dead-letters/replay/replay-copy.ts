import type { ConsumeMessage, Options } from 'amqplib'
import { copiedProperties } from '../../../broker/amqp/messages/copied-properties.ts'
import { ownHeaders, WarrenHeader } from '../../../broker/amqp/messages/warren-headers.ts'
import type { Headers } from '../../../broker/amqp/messages/warren-headers.ts'
import type { DeadLetter } from '../dead-letter.ts'

/** The delivery mode of a message that a restart of the broker does not lose. */
const PERSISTENT = 2

/**
 * The properties of the copy with which a dead letter begins anew: its publisher's headers and how it had come, without
 * attempts, reason and error. Left out as well is what the runtime leaves out of its copies, such as `x-death`, `CC` and
 * `expiration`.
 */
export function replayProperties(message: ConsumeMessage, letter: DeadLetter): Options.Publish {
  const { exchange, routingKey, firstFailed } = letter
  const copied = copiedProperties(message.properties)
  return {
    ...copied,
    deliveryMode: PERSISTENT,
    mandatory: true,
    headers: {
      // As they can be written again; `ownHeaders` alone has them as they were read.
      ...ownHeaders(copied.headers as Headers | undefined),
      ...(exchange !== undefined && { [WarrenHeader.exchange]: exchange }),
      ...(routingKey !== undefined && { [WarrenHeader.routingKey]: routingKey }),
      ...(firstFailed !== undefined && { [WarrenHeader.firstFailed]: firstFailed }),
    },
  }
}
