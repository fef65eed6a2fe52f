import type { Channel } from 'amqplib'

/** The broker serves consumers with a higher priority first; 0 is the default. */
export const DRAIN_PRIORITY = 10
/** How long a queue may deliver nothing before the watch checks whether it is empty, in milliseconds. */
export const QUIET = 200
/** How long a queue with messages may deliver nothing before another consumer is assumed to receive them, in milliseconds. */
const NOT_SERVED = 5_000

/** Watches a consumer that drains a queue, and determines when the queue delivers no more messages. */
export class DrainWatch {
  readonly #channel: Pick<Channel, 'checkQueue'>
  readonly #queue: string
  #lastEvent = performance.now()

  constructor(channel: Pick<Channel, 'checkQueue'>, queue: string) {
    this.#channel = channel
    this.#queue = queue
  }

  /** Records a delivery, or another sign that the queue is being drained. */
  noteEvent(): void {
    this.#lastEvent = performance.now()
  }

  /** How long nothing has happened, in milliseconds. */
  get quietFor(): number {
    return performance.now() - this.#lastEvent
  }

  /** Asks the broker after the queue was quiet for long enough; undefined while more messages may arrive. */
  async whyOver(): Promise<'empty' | 'not-served' | undefined> {
    if (this.quietFor < QUIET) return undefined
    const { messageCount } = await this.#channel.checkQueue(this.#queue)
    if (messageCount === 0) return 'empty'
    return this.quietFor > NOT_SERVED ? 'not-served' : undefined
  }
}
