import type { Channel } from 'amqplib'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import type { PartitionSharing } from '../../model/routes.ts'

/**
 * The presence of one worker among those of its subscription: a consumer of the workers queue. The broker counts the
 * consumers of a queue, and forgets those whose connection ends, so it knows how many workers there are.
 */
export class WorkerPresence {
  readonly #channel: Channel
  readonly #sharing: PartitionSharing
  #isLive = true
  /** The tag of the consumer on the waiting queue. */
  #waiting: string | undefined

  /** Rejects with the broker's answer when it refuses the consumer. */
  static async join({ model }: OpenConnection, sharing: PartitionSharing): Promise<WorkerPresence> {
    const channel = await openChannel(model)
    const presence = new WorkerPresence(channel, sharing)
    await presence.#consume(sharing.workers)
    return presence
  }

  private constructor(channel: Channel, sharing: PartitionSharing) {
    this.#channel = channel
    this.#sharing = sharing
    channel.on('close', () => (this.#isLive = false))
  }

  get isLive(): boolean {
    return this.#isLive
  }

  /** The number of workers, including this one. */
  workers(): Promise<number> {
    return this.#consumersOf(this.#sharing.workers)
  }

  /** Whether another worker waits. Always false while this one does, because it then gives nothing up. */
  async isOtherWaiting(): Promise<boolean> {
    return this.#waiting === undefined && (await this.#consumersOf(this.#sharing.waiting)) > 0
  }

  /** Whether no worker holds this lock. Asking does not close the channel, as a refused consumer does. */
  async isFree(lock: string): Promise<boolean> {
    return (await this.#consumersOf(lock)) === 0
  }

  /** Tells the other workers whether this one has too few partitions. */
  async wait(isWaiting: boolean): Promise<void> {
    if (isWaiting === (this.#waiting !== undefined)) return
    const tag = this.#waiting
    if (tag === undefined) this.#waiting = await this.#consume(this.#sharing.waiting)
    else {
      this.#waiting = undefined
      await this.#channel.cancel(tag)
    }
  }

  async leave(): Promise<void> {
    await closeChannel(this.#channel)
  }

  async #consumersOf(queue: string): Promise<number> {
    return (await this.#channel.checkQueue(queue)).consumerCount
  }

  async #consume(queue: string): Promise<string> {
    const onMessage = (message: object | null): void => {
      // The broker cancels it when the queue is deleted or its node stops; a new presence then tries again.
      if (message !== null) return
      this.#isLive = false
      void this.leave()
    }
    return (await this.#channel.consume(queue, onMessage, { noAck: true })).consumerTag
  }
}
