import type { Channel } from 'amqplib'
import { openChannel } from '../../broker/amqp/connections/channels.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import { Publisher } from '../publish/publisher.ts'
import { RequesterPresence } from './requester-presence.ts'
import type { RequesterParts } from './requester.ts'
import type { ReplySender } from './responder.ts'

/**
 * Sends the replies of a runtime to its broker.
 *
 * The broker confirms a direct reply even if no program receives it, so nearly all of them are sent without a
 * confirm, on a channel of their own. The first reply of a connection is confirmed, because it shows whether the login
 * may send replies at all, and so are those that the broker or the network cannot take now, which then have to wait.
 */
export class BrokerReplies implements ReplySender {
  readonly #connection: ReconnectingConnection
  readonly #publisher: Publisher
  readonly #presence: RequesterPresence
  readonly #timeout: number
  /** Undefined until a reply of this connection was confirmed. */
  #channel: Channel | undefined
  #isFull = false
  #isOpening = false

  constructor(publishing: ReconnectingConnection, parts: Pick<RequesterParts, 'window' | 'secrets'>, timeout: number) {
    this.#connection = publishing
    this.#publisher = new Publisher(publishing, parts.window, parts.secrets)
    this.#presence = new RequesterPresence(publishing)
    this.#timeout = timeout
  }

  async send(message: OutgoingMessage): Promise<void> {
    const isDirect = message.properties.mandatory === false
    if (isDirect && this.#sendUnconfirmed(message)) return
    await this.#publisher.publish('', message, { timeout: this.#timeout })
    const connection = this.#connection.current
    if (isDirect && connection && !this.#channel && !this.#isOpening) void this.#open(connection)
  }

  checkPresence(replyTo: string, onGone: () => void): void {
    this.#presence.check(replyTo, onGone)
  }

  async close(): Promise<void> {
    this.#channel = undefined
    await this.#publisher.close()
  }

  #sendUnconfirmed({ routingKey, content, properties }: OutgoingMessage): boolean {
    if (!this.#channel || this.#isFull || !this.#connection.isWritable) return false
    try {
      this.#isFull = !this.#channel.publish('', routingKey, content, properties)
      return true
    } catch {
      // The channel is closing, or the publisher explains what is wrong with the message.
      return false
    }
  }

  /** Without a channel, replies are confirmed, so an error is not reported. */
  async #open(connection: OpenConnection): Promise<void> {
    this.#isOpening = true
    try {
      const channel = await openChannel(connection.model)
      channel.on('error', () => undefined)
      channel.on('drain', () => (this.#isFull = false))
      channel.on('close', () => {
        if (this.#channel === channel) this.#channel = undefined
      })
      this.#channel = channel
      this.#isFull = false
    } catch {
      this.#channel = undefined
    } finally {
      this.#isOpening = false
    }
  }
}
