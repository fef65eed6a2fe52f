import type { SharedPartition } from '../../model/routes.ts'
import { ClosedError } from '../connection/reconnecting-connection.ts'
import type { BrokerConsumer } from '../consume/consumer.ts'
import type { ConsumerEnd } from '../runtime-types.ts'
import type { PartitionLock } from './partition-lock.ts'

/** A partition whose lock this worker holds, with the consumer of its stream. */
export class HeldPartition {
  readonly queue: string
  readonly #lock: PartitionLock
  readonly #consumer: BrokerConsumer
  #isReleasing = false

  constructor({ queue }: SharedPartition, lock: PartitionLock, consumer: BrokerConsumer) {
    this.queue = queue
    this.#lock = lock
    this.#consumer = consumer
  }

  get isUp(): boolean {
    return this.#consumer.isUp
  }

  get isReleasing(): boolean {
    return this.#isReleasing
  }

  /** Resolves with the reason when the lock ends. */
  get lost(): Promise<string> {
    return this.#lock.lost
  }

  /** Resolves when the consumer has ended. */
  get stopped(): Promise<ConsumerEnd> {
    return this.#consumer.stopped
  }

  /**
   * Begins to consume at the stored offset, which it reads only now: the holder before has stored it before it released
   * the lock. A lock that is lost meanwhile is no error.
   */
  async start(): Promise<void> {
    try {
      await this.#consumer.start()
    } catch (error) {
      if (error instanceof ClosedError && this.#isReleasing) return
      await this.release(0)
      throw error
    }
  }

  /** Stops the consumer, which stores the offset, and then releases the lock. */
  async release(deadline: number): Promise<ConsumerEnd> {
    this.#isReleasing = true
    const end = await this.#consumer.stop({ deadline })
    await this.#lock.release()
    return end
  }
}
