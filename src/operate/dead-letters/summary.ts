import { address } from '../../model/address.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { deadLetterError } from './dead-letter-error.ts'
import type { DeadLetterQueue } from './dead-letter-queues.ts'
import { lookThrough } from './look-through.ts'
import { QueueReader } from './queue-reader.ts'
import { type DeadLetter, failedAt } from './dead-letter.ts'

/**
 * Counts the first dead letters of a queue by their reasons, and leaves them in the queue.
 *
 * @param count how many messages to look at
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

/** Counts of dead letters by reason and queue. */
export interface Summary {
  readonly messages: number
  /** The total size of the bodies. */
  readonly bytes: number
  /** The most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly messages: number }[]
  /** The queues that they failed in; `queue` is absent where it is unknown. */
  readonly queues: readonly { readonly queue?: string; readonly messages: number }[]
  /** When the first and the last of them failed, in ISO 8601; absent when none has a time. */
  readonly oldest?: string
  readonly newest?: string
}

/** Counts dead letters without keeping them. */
export class Summing {
  #messages = 0
  #bytes = 0
  readonly #reasons = new Map<string, number>()
  readonly #queues = new Map<string | undefined, number>()
  #oldest = Infinity
  #newest = -Infinity

  add(letter: DeadLetter): void {
    this.#messages += 1
    this.#bytes += letter.bytes
    addTo(this.#reasons, letter.reason)
    addTo(this.#queues, letter.queue)
    const time = failedAt(letter)
    if (time === undefined) return
    this.#oldest = Math.min(this.#oldest, time)
    this.#newest = Math.max(this.#newest, time)
  }

  get messages(): number {
    return this.#messages
  }

  summary(): Summary {
    return {
      messages: this.#messages,
      bytes: this.#bytes,
      reasons: mostFirst(this.#reasons).map(([reason, messages]) => ({ reason, messages })),
      queues: mostFirst(this.#queues).map(([queue, messages]) => ({ ...(queue !== undefined && { queue }), messages })),
      ...(Number.isFinite(this.#oldest) && { oldest: new Date(this.#oldest).toISOString() }),
      ...(Number.isFinite(this.#newest) && { newest: new Date(this.#newest).toISOString() }),
    }
  }
}

function addTo<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function mostFirst<K extends string | undefined>(counts: ReadonlyMap<K, number>): [K, number][] {
  return [...counts].toSorted(([a, most], [b, less]) => less - most || ((a ?? '') < (b ?? '') ? -1 : 1))
}
