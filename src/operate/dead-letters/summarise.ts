import { address } from '../../model/address.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { deadLetterError } from './dead-letter-error.ts'
import type { DeadLetterQueue } from './dead-letter-queues.ts'
import { lookThrough } from './look-through.ts'
import { QueueReader } from './queue-reader.ts'
import { type Summary, Summing } from './summary.ts'

/**
 * Counts the first dead letters of a queue by their reasons, and leaves them where they are.
 *
 * @param count how many are looked at
 * @throws {WarrenError} when the broker refuses it, or the connection is lost
 */
export async function summarise(connection: OpenConnection, from: DeadLetterQueue, count: number): Promise<Summary> {
  const summing = new Summing()
  try {
    await using reader = await QueueReader.open(connection, from.name)
    await lookThrough(reader, { from, count }, (held) => {
      for (const { letter } of held) summing.add(letter)
      return true
    })
    await reader.settle()
    return summing.summary()
  } catch (error) {
    throw deadLetterError(`looking at ${address('queue', from.vhost, from.name)}`, error)
  }
}
