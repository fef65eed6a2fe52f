import type { Channel, ChannelModel } from 'amqplib'
import { closeChannel, openChannel } from '../../broker/amqp/connections/channels.ts'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'

/** An exchange or a queue that a route uses. */
export interface Needed {
  readonly kind: 'exchange' | 'queue'
  readonly name: string
}

/**
 * Whether an object exists on the broker. `unknown`: the login may not check it, or the node of the object is down.
 * RabbitMQ 4.3 requires a right on the object for the check, and otherwise answers 403, whether it exists or not.
 */
export type Existence = 'there' | 'missing' | 'unknown'

/**
 * Checks existence with passive declarations, which never create anything. Each negative answer closes a channel, so
 * the check has its own channels.
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

/** The broker also answers 404 for a classic queue whose node is down. */
function isDown(error: unknown): boolean {
  return /is down or inaccessible/.test(brokerReason(error))
}
