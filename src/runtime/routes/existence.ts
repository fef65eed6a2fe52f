import type { Channel, ChannelModel } from 'amqplib'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'

/** An exchange or a queue that a route uses. */
export interface Needed {
  readonly kind: 'exchange' | 'queue'
  readonly name: string
}

/**
 * Whether something is on the broker. `unknown`: the login may not look (RabbitMQ 4.3 wants a right on
 * the object for it, and answers 403 otherwise, whether it exists or not), or its node is down.
 */
export type Existence = 'there' | 'missing' | 'unknown'

/**
 * Asks the broker passively, which never declares anything. Each `no` costs a channel, so it
 * works on channels of its own.
 */
export class ExistenceCheck {
  readonly #model: ChannelModel
  #channel: Channel | undefined

  constructor(model: ChannelModel) {
    this.#model = model
  }

  /** Rejects only when the connection is lost meanwhile. */
  async of({ kind, name }: Needed): Promise<Existence> {
    // The default exchange always exists, and cannot be declared passively.
    if (kind === 'exchange' && name === '') return 'there'
    this.#channel ??= await openChannel(this.#model)
    try {
      await (kind === 'queue' ? this.#channel.checkQueue(name) : this.#channel.checkExchange(name))
      return 'there'
    } catch (error) {
      const code = replyCode(error)
      if (code === undefined) throw error
      this.#channel = undefined
      return code === 404 && !isDown(error) ? 'missing' : 'unknown'
    }
  }

  async close(): Promise<void> {
    const channel = this.#channel
    this.#channel = undefined
    if (channel) await closeChannel(channel)
  }
}

/** The broker answers 404 also for a classic queue whose node is down. */
function isDown(error: unknown): boolean {
  return /is down or inaccessible/.test(brokerReason(error))
}
