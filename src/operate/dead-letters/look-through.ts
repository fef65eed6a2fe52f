import type { ConsumeMessage } from 'amqplib'
import { type DeadLetter, readDeadLetter } from './dead-letter.ts'
import type { DeadLetterQueue } from './dead-letter-queues.ts'
import { BATCH, type QueueReader } from './queue-reader.ts'

/** One dead letter that is held. */
export interface HeldLetter {
  readonly message: ConsumeMessage
  readonly letter: DeadLetter
}

/** How many messages to look at, and in which batches. */
export interface Look {
  readonly from: DeadLetterQueue
  /** How many messages to look at, each once: as many as were ready at the beginning. */
  readonly count: number
  /** The size of the next batch, at most `BATCH`; called before each batch. Default `BATCH`. */
  readonly batch?: () => number
  /** When aborted, no further batch is taken. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Looks at the messages of a queue in order, each once, a batch at a time, and keeps them held.
 *
 * @param visit returns false to stop
 * @returns how many were received
 */
export async function lookThrough(
  reader: QueueReader,
  { from, count, batch = () => BATCH, signal }: Look,
  visit: (letters: readonly HeldLetter[]) => Promise<boolean> | boolean,
): Promise<number> {
  for (let seen = 0; ;) {
    if (seen >= count || signal?.aborted) return seen
    const messages = await reader.take(Math.min(batch(), count - seen))
    seen += messages.length
    if (messages.length === 0) return seen
    const goesOn = await visit(messages.map((message) => ({ message, letter: readDeadLetter(message, from) })))
    if (!goesOn) return seen
  }
}
