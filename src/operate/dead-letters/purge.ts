import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { address } from '../../model/address.ts'
import { deadLetterError } from './dead-letter-error.ts'
import type { DeadLetterQueue } from './dead-letter-queues.ts'
import { lookThrough } from './look-through.ts'
import { matcherOf, type MessageFilter } from './message-filter.ts'
import { QueueReader } from './queue-reader.ts'
import { type Summary, Summing } from './summary.ts'

export interface PurgeOrder {
  readonly from: DeadLetterQueue
  /** How many messages were ready at the beginning; later messages are not looked at. */
  readonly count: number
  readonly filter: MessageFilter
  /** Deletes at most this many of the selected messages, the first ones. */
  readonly limit?: number
}

/** The messages that a purge found and holds. */
export interface PurgeFound {
  readonly looked: number
  /** Summarizes the messages that would be deleted. */
  readonly summary: Summary
}

/**
 * Deletes dead letters: receives them, asks for confirmation, and only then settles them. So it deletes exactly the messages
 * that it counted, whatever arrives in the meantime.
 *
 * @param confirm returns false to requeue all of them
 * @throws {WarrenError} the code of the cause when nothing was deleted, `PARTIALLY_APPLIED` when some may have been
 */
export async function purge(
  connection: OpenConnection,
  order: PurgeOrder,
  confirm: (found: PurgeFound) => Promise<boolean>,
): Promise<PurgeFound & { readonly purged: number }> {
  const { from, count, filter, limit = Infinity } = order
  const isMeant = matcherOf(filter)
  const chosen = new Set<number>()
  const summing = new Summing()
  const doing = `purging ${address('queue', from.vhost, from.name)}`
  let settling = false
  try {
    await using reader = await QueueReader.open(connection, from.name)
    const looked = await lookThrough(reader, { from, count }, (held) => {
      for (const { message, letter } of held) {
        if (chosen.size >= limit || !isMeant(letter)) continue
        chosen.add(message.fields.deliveryTag)
        summing.add(letter)
      }
      return chosen.size < limit
    })
    const found = { looked, summary: summing.summary() }
    if (chosen.size === 0 || !(await confirm(found))) {
      await reader.settle()
      return { ...found, purged: 0 }
    }
    settling = true
    await reader.settle((tag) => chosen.has(tag))
    await reader.whenReceived()
    return { ...found, purged: chosen.size }
  } catch (thrown) {
    const error = deadLetterError(doing, thrown)
    if (!settling) throw error
    throw new WarrenError(error.message, {
      code: 'PARTIALLY_APPLIED',
      hint: 'some of them may be deleted, and the others are in the queue again; check the queue, and run the command again',
      cause: thrown,
    })
  }
}
