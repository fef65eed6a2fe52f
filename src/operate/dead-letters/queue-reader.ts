import type { Channel, ConsumeMessage } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import { DRAIN_PRIORITY, DrainWatch, QUIET } from '../../broker/amqp/moving/drain-watch.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'

/** How many messages are received at once. */
export const BATCH = 100
/** How often to check whether a batch is complete, in milliseconds. */
const TICK = 20
/**
 * If more messages are requeued at once, a quorum queue loses their order, because it keeps them in a map
 * (rabbit_fifo).
 */
const REQUEUED_AT_ONCE = 32
/** Settlements that are sent without a pause. */
const SETTLED_AT_ONCE = 50
const PAUSE = 10

/**
 * Receives messages of a queue in order, a batch at a time, and holds each until it is settled. When the reader ends for any
 * reason, the unsettled messages are in the queue again.
 *
 * Each batch has its own consumer, whose prefetch is the size of the batch: when all messages have arrived, none is in flight
 * while the consumer is cancelled. `basic.get` needs a round trip for each message, and is twenty to eighty times slower on
 * a quorum queue.
 *
 * Messages are requeued by `basic.nack`, in order, which RabbitMQ 4.3 does not count as a delivery. Closing the channel would
 * count, and would mix up the order on quorum queues.
 */
export class QueueReader implements AsyncDisposable {
  readonly #connection: OpenConnection
  readonly #channel: Channel
  readonly #queue: string
  readonly #held = new Set<number>()
  #batches = 0
  #settlements = 0
  #failure: Error | undefined
  #isLost = false

  private constructor(connection: OpenConnection, channel: Channel, queue: string) {
    this.#connection = connection
    this.#channel = channel
    this.#queue = queue
    channel.on('error', (error: Error) => (this.#failure ??= error))
    channel.on('close', () => (this.#isLost = true))
  }

  static async open(connection: OpenConnection, queue: string): Promise<QueueReader> {
    return new QueueReader(connection, await openChannel(connection.model), queue)
  }

  /**
   * Receives the next messages: `atMost`, or fewer when the queue is empty or the broker delivers the messages to another
   * consumer.
   *
   * @param atMost at most `BATCH`
   */
  async take(atMost: number): Promise<ConsumeMessage[]> {
    this.throwIfLost()
    const received: ConsumeMessage[] = []
    await this.#channel.prefetch(atMost)
    // Messages that are requeued together are grouped by consumer tag in order (rabbit_channel), hence the zeros.
    const consumerTag = `warren-dlq-${String(this.#batches++).padStart(9, '0')}`
    const drain = new DrainWatch(this.#channel, this.#queue)
    const onMessage = (message: ConsumeMessage | null): void => {
      drain.noteEvent()
      if (message === null) this.#failure ??= new Error(`the queue ${this.#queue} was deleted`)
      else received.push(message)
    }
    await this.#channel.consume(this.#queue, onMessage, { consumerTag, priority: DRAIN_PRIORITY })
    while (received.length < atMost) {
      await sleep(TICK)
      this.throwIfLost()
      if ((await drain.whyOver()) !== undefined) break
    }
    await this.#channel.cancel(consumerTag)
    for (const { fields } of received) this.#held.add(fields.deliveryTag)
    return received
  }

  /** How many messages are held. */
  get held(): number {
    return this.#held.size
  }

  /** Acknowledges a message, which removes it from the queue. */
  ack({ fields: { deliveryTag } }: ConsumeMessage): void {
    if (!this.#held.delete(deliveryTag)) return
    this.#channel.ack({ fields: { deliveryTag } } as ConsumeMessage)
  }

  /**
   * Settles all held messages, in order: chosen ones are acknowledged, the rest is requeued.
   *
   * @param isChosen by delivery tag
   */
  async settle(isChosen: (deliveryTag: number) => boolean = () => false): Promise<void> {
    this.throwIfLost()
    // All messages before a run are settled, so that "up to here" means the run alone.
    let run: { last: number; chosen: boolean; length: number } | undefined
    for (const tag of this.#held) {
      const chosen = isChosen(tag)
      if (run && (run.chosen !== chosen || run.length === REQUEUED_AT_ONCE)) {
        await this.#settleUpTo(run.last, run.chosen)
        run = undefined
      }
      run = { last: tag, chosen, length: (run?.length ?? 0) + 1 }
    }
    if (run) await this.#settleUpTo(run.last, run.chosen)
    this.#held.clear()
  }

  /** Waits until the broker has received the settlements. Rejects when the channel or the answer is lost. */
  async whenReceived(): Promise<void> {
    this.throwIfLost()
    // The broker processes a channel in order.
    await this.#channel.checkQueue(this.#queue)
  }

  async #settleUpTo(deliveryTag: number, chosen: boolean): Promise<void> {
    const message = { fields: { deliveryTag } } as ConsumeMessage
    if (chosen) this.#channel.ack(message, true)
    else this.#channel.nack(message, true, true)
    this.#settlements += 1
    if (this.#settlements % SETTLED_AT_ONCE === 0) await sleep(PAUSE)
    this.throwIfLost()
  }

  /** @throws the error that ended the channel, when the channel is gone */
  throwIfLost(): void {
    if (this.#failure) throw this.#failure
    // The connection reports its reason after the channel is gone.
    if (this.#isLost) throw this.#connection.gone.reason ?? new Error('the channel was closed')
  }

  /** Requeues the held messages, and ends. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#failure && !this.#isLost && !this.#connection.gone.aborted) {
      await this.settle().catch(() => undefined)
      // The client side of a quorum queue forwards settlements a few at a time, and forgets the rest with its channel
      // (rabbit_fifo_client).
      await sleep(QUIET)
    }
    await closeChannel(this.#channel)
  }
}
