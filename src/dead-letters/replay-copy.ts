import type { ConsumeMessage, Options } from 'amqplib'
import { copiedProperties } from '../messages/copied-properties.ts'
import { ownHeaders, WarrenHeader } from '../runtime/warren-headers.ts'
import type { DeadLetter } from './dead-letter.ts'

/** The delivery mode of a message that a restart of the broker does not lose. */
const PERSISTENT = 2

/**
 * The properties of the copy with which a dead letter begins anew: its publisher's headers and how it had come, without
 * attempts, reason and error. Left out as well is what the runtime leaves out of its copies, such as `x-death`, `CC` and
 * `expiration`.
 */
export function replayProperties(message: ConsumeMessage, letter: DeadLetter): Options.Publish {
  const { exchange, routingKey, firstFailed } = letter
  return {
    ...copiedProperties(message.properties),
    deliveryMode: PERSISTENT,
    mandatory: true,
    headers: {
      ...ownHeaders(message.properties.headers),
      ...(exchange !== undefined && { [WarrenHeader.exchange]: exchange }),
      ...(routingKey !== undefined && { [WarrenHeader.routingKey]: routingKey }),
      ...(firstFailed !== undefined && { [WarrenHeader.firstFailed]: firstFailed }),
    },
  }
}
