import type { Channel } from 'amqplib'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'
import { CONNECTION_LOST } from '../consume/consume-session.ts'

/**
 * The lock of a partition: an exclusive consumer of its lock queue. The broker accepts only one, and releases the lock
 * when the channel or the connection of the holder ends.
 */
export class PartitionLock {
  /** Resolves with the reason when the lock is lost, and when it is released. */
  readonly lost: Promise<string>
  readonly #channel: Channel
  #lose: (reason: string) => void = () => undefined

  /**
   * Resolves with the lock, or with undefined if another worker holds it. Each attempt has its own channel, because the
   * broker closes the channel of a refused one.
   */
  static async acquire({ model }: OpenConnection, queue: string): Promise<PartitionLock | undefined> {
    const channel = await openChannel(model)
    const lock = new PartitionLock(channel)
    try {
      // The queue has no messages; without acknowledgements, a stray one cannot outlast the consumer timeout.
      await channel.consume(queue, (message) => lock.#receive(message), { exclusive: true, noAck: true })
      return lock
    } catch (error) {
      // rabbit_channel: basic.consume, `{error, exclusive_consume_unavailable}`
      if (replyCode(error) === 403 && brokerReason(error).includes('in exclusive use')) return undefined
      throw error
    }
  }

  private constructor(channel: Channel) {
    this.#channel = channel
    this.lost = new Promise((resolve) => (this.#lose = resolve))
    let cause: unknown
    channel.on('error', (error: Error) => (cause = error))
    channel.on('close', () => this.#lose(brokerReason(cause ?? CONNECTION_LOST)))
  }

  async release(): Promise<void> {
    await closeChannel(this.#channel)
  }

  #receive(message: object | null): void {
    if (message !== null) return
    this.#lose('the broker has cancelled the lock (its queue was deleted, or its node stopped)')
    void this.release()
  }
}
