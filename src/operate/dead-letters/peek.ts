import { decompressBody } from '../../broker/amqp/messages/body-encoding.ts'
import { address } from '../../model/address.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { deadLetterError } from './dead-letter-error.ts'
import type { DeadLetter } from './dead-letter.ts'
import type { DeadLetterQueue } from './dead-letter-queues.ts'
import { lookThrough } from './look-through.ts'
import { matcherOf, type MessageFilter } from './message-filter.ts'
import { QueueReader } from './queue-reader.ts'

export interface PeekOrder {
  readonly from: DeadLetterQueue
  /** How many messages were ready at the beginning. */
  readonly count: number
  readonly filter: MessageFilter
  /** How many are shown at most. */
  readonly limit: number
  /** How much of each body is kept, in bytes; 0 for none. */
  readonly bodyBytes: number
}

/** A dead letter, with the beginning of its body if it was requested. */
export interface PeekedLetter extends DeadLetter {
  /** Decompressed if its `contentEncoding` is known and the data is valid. */
  readonly body?: Buffer
  /** The size of the whole body if `body` was decompressed. */
  readonly plainBytes?: number
}

export interface Peeked {
  /** How many messages were looked at to find them. */
  readonly looked: number
  readonly letters: readonly PeekedLetter[]
}

/**
 * Reads dead letters and leaves them in the queue. They are held while it reads, and requeued in order. A quorum queue puts
 * requeued messages behind those that were requeued before; so whole batches are received, whatever the limit, and the order
 * of all messages is kept where one batch is enough.
 *
 * @throws {WarrenError} when the broker refuses it, or the connection is lost; the messages are in the queue again then
 */
export async function peek(connection: OpenConnection, order: PeekOrder): Promise<Peeked> {
  const { from, count, filter, limit, bodyBytes } = order
  const isMeant = matcherOf(filter)
  const letters: PeekedLetter[] = []
  try {
    await using reader = await QueueReader.open(connection, from.name)
    const looked = await lookThrough(reader, { from, count }, (held) => {
      for (const { message, letter } of held) {
        if (letters.length === limit) break
        if (!isMeant(letter)) continue
        letters.push(bodyBytes > 0 ? { ...letter, ...bodyOf(message.content, letter, bodyBytes) } : letter)
      }
      return letters.length < limit
    })
    await reader.settle()
    return { looked, letters }
  } catch (error) {
    throw deadLetterError(`looking at ${address('queue', from.vhost, from.name)}`, error)
  }
}

function bodyOf(
  content: Buffer,
  { contentEncoding }: DeadLetter,
  most: number,
): Pick<PeekedLetter, 'body' | 'plainBytes'> {
  const plain = decompressBody(content, contentEncoding)
  if ('wrong' in plain || plain.content === content) return { body: content.subarray(0, most) }
  return { body: plain.content.subarray(0, most), plainBytes: plain.content.length }
}
