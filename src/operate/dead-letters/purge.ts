import { ExitCode } from '../../diagnostics/exit-code.ts'
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
  /** How many messages were ready at the beginning; what comes later is not looked at. */
  readonly count: number
  readonly filter: MessageFilter
  /** Takes the first so many of those that are meant. */
  readonly limit?: number
}

/** What a purge has found, and holds. */
export interface PurgeFound {
  readonly looked: number
  /** Of those that would be deleted. */
  readonly summary: Summary
}

/**
 * Deletes dead letters: takes them, asks, and only then settles them. So exactly those are deleted that were counted,
 * whatever comes meanwhile.
 *
 * @param confirm false gives all of them back
 * @throws {WarrenError} with exit code 6 when nothing was deleted, 7 when some of them may have been
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
      exitCode: ExitCode.partiallyApplied,
      hint: 'some of them may be deleted, the others are in the queue again; look, and run it again',
      cause: thrown,
    })
  }
}
