import type { Channel, ConsumeMessage } from 'amqplib'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import { DRAIN_PRIORITY, DrainWatch, QUIET } from '../../broker/amqp/moving/drain-watch.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'

/** How many messages are received at once. */
export const BATCH = 100
/** How often to check whether a batch is complete, in milliseconds. */
const TICK = 20
/** A quorum queue keeps no order among more messages that are given back at once: they are a map to it (rabbit_fifo). */
const GIVEN_BACK_AT_ONCE = 32
/** Settlements that are sent without a pause. */
const SETTLED_AT_ONCE = 50
const PAUSE = 10

/**
 * Takes messages of a queue in order, a batch at a time, and holds each until it is settled. Whatever is not settled when
 * this ends, however that comes, is in the queue again.
 *
 * A batch is one consumer that may have exactly so many messages: when all have come, nothing is on its way while it is
 * cancelled. `basic.get` would take one message in a round trip, on a quorum queue twenty to eighty times slower.
 *
 * What is given back is given back by `basic.nack`, in order, which RabbitMQ 4.3 does not count as a delivery. The close
 * of a channel would be counted, and mixes up the order on quorum queues.
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
   * Receives the next messages: as many as asked for, or fewer when there are no more, or when the broker gives them to
   * somebody else.
   *
   * @param atMost at most `BATCH`
   */
  async take(atMost: number): Promise<ConsumeMessage[]> {
    this.throwIfLost()
    const received: ConsumeMessage[] = []
    await this.#channel.prefetch(atMost)
    // Given back together, they are grouped by consumer in the order of the tags (rabbit_channel), hence the zeros.
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

  /** Takes a message out of the queue for good. */
  ack({ fields: { deliveryTag } }: ConsumeMessage): void {
    if (!this.#held.delete(deliveryTag)) return
    this.#channel.ack({ fields: { deliveryTag } } as ConsumeMessage)
  }

  /**
   * Settles all that is held, in order: what is chosen goes for good, the rest is given back.
   *
   * @param isChosen by delivery tag
   */
  async settle(isChosen: (deliveryTag: number) => boolean = () => false): Promise<void> {
    this.throwIfLost()
    // All before a run are settled, so that "up to here" is the run alone.
    let run: { last: number; chosen: boolean; length: number } | undefined
    for (const tag of this.#held) {
      const chosen = isChosen(tag)
      if (run && (run.chosen !== chosen || run.length === GIVEN_BACK_AT_ONCE)) {
        await this.#settleUpTo(run.last, run.chosen)
        run = undefined
      }
      run = { last: tag, chosen, length: (run?.length ?? 0) + 1 }
    }
    if (run) await this.#settleUpTo(run.last, run.chosen)
    this.#held.clear()
  }

  /** Waits until the broker has received what was settled. Rejects when the channel or the answer is lost. */
  async whenReceived(): Promise<void> {
    this.throwIfLost()
    // What is sent on a channel is worked off in order.
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

  /** @throws what has ended the channel, when it is gone */
  throwIfLost(): void {
    if (this.#failure) throw this.#failure
    // The connection tells why after the channel.
    if (this.#isLost) throw this.#connection.gone.reason ?? new Error('the channel was closed')
  }

  /** Gives back what is held, and ends. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#failure && !this.#isLost && !this.#connection.gone.aborted) {
      await this.settle().catch(() => undefined)
      // The client side of a quorum queue sends settlements on a few at a time, and forgets the rest of them with its
      // channel (rabbit_fifo_client).
      await sleep(QUIET)
    }
    await closeChannel(this.#channel)
  }
}
