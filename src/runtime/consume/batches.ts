import type { Clock, ClockTimer } from '../clock.ts'
import type { BatchSettings } from './batch-options.ts'
import type { Handler, HandlerDelivery } from './handler-delivery.ts'

/** One message of a batch. */
export interface BatchMessage<Body = unknown> {
  readonly body: Body
  readonly delivery: HandlerDelivery
}

/**
 * Handles a batch of messages. Returning acknowledges all of them; throwing is a failed attempt of each. To settle them one by one,
 * return the result of `Promise.allSettled`, with one entry for each message in order: a rejected entry is a failed attempt of
 * its message, with its reason as the error.
 */
export type BatchHandler<Body = unknown> = (batch: readonly BatchMessage<Body>[]) => unknown

/** A message that waits for the outcome of its batch. */
interface Gathered extends BatchMessage {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Gathers messages into batches. It acts as a handler of single messages, and each message ends with its batch. So
 * retries, dead letters, time limits and idempotency keys work for each message as they do without batches.
 */
export class Batches {
  readonly #handler: BatchHandler
  readonly #settings: BatchSettings
  readonly #clock: Clock
  #gathered: Gathered[] = []
  #running = 0
  /** Whether the gathered messages have waited long enough. */
  #isDue = false
  #isStopping = false
  #timer: ClockTimer | undefined

  constructor(handler: BatchHandler, settings: BatchSettings, clock: Clock) {
    this.#handler = handler
    this.#settings = settings
    this.#clock = clock
  }

  /** Handles one message: adds it to the batch that is being gathered, and ends with that batch. */
  readonly handle: Handler = (body, delivery) =>
    new Promise<void>((resolve, reject) => {
      this.#gathered.push({ body, delivery, resolve, reject })
      if (this.#gathered.length === 1) this.#waitForOthers()
      this.#startNext()
    })

  /** Handles what is gathered without waiting for more. */
  stop(): void {
    this.#isStopping = true
    this.#startNext()
  }

  #waitForOthers(): void {
    this.#isDue = false
    this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => {
      this.#isDue = true
      this.#startNext()
    }, this.#settings.maxWait)
  }

  #startNext(): void {
    const { size, concurrency } = this.#settings
    while (this.#running < concurrency && this.#gathered.length > 0) {
      if (this.#gathered.length < size && !this.#isDue && !this.#isStopping) return
      const batch = this.#gathered.splice(0, size)
      if (this.#gathered.length > 0) this.#waitForOthers()
      else this.#clock.clearTimeout(this.#timer)
      this.#running++
      void this.#run(batch)
    }
  }

  async #run(batch: readonly Gathered[]): Promise<void> {
    // A message that was lost, or took too long, while it waited: it no longer belongs to this batch.
    for (const { delivery, reject } of batch) if (delivery.signal.aborted) reject(delivery.signal.reason)
    const messages = batch.filter(({ delivery }) => !delivery.signal.aborted)
    try {
      if (messages.length > 0) {
        const result = await this.#handler(messages.map(({ body, delivery }) => ({ body, delivery })))
        settle(messages, result)
      }
    } catch (error) {
      for (const { reject } of messages) reject(error)
    } finally {
      this.#running--
      this.#startNext()
    }
  }
}

function settle(messages: readonly Gathered[], result: unknown): void {
  if (!isSettledResults(result)) return messages.forEach(({ resolve }) => resolve())
  if (result.length !== messages.length) {
    throw new RangeError(`the handler returned ${result.length} results for a batch of ${messages.length} messages`)
  }
  for (const [index, { resolve, reject }] of messages.entries()) {
    const entry = result[index]
    if (entry?.status === 'rejected') reject(entry.reason)
    else resolve()
  }
}

/**
 * Whether it is a result of `Promise.allSettled`; other values have no meaning, like the result of a handler of
 * single messages.
 */
function isSettledResults(value: unknown): value is readonly PromiseSettledResult<unknown>[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each: unknown) => {
      if (typeof each !== 'object' || each === null || !('status' in each)) return false
      return each.status === 'fulfilled' || (each.status === 'rejected' && 'reason' in each)
    })
  )
}
