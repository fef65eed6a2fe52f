import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import { Publisher } from '../publish/publisher.ts'
import { RequesterPresence } from './requester-presence.ts'
import type { RequesterParts } from './requester.ts'
import type { ReplySender } from './responder.ts'

/** Sends the replies of a runtime to its broker. */
export class BrokerReplies implements ReplySender {
  readonly #publisher: Publisher
  readonly #presence: RequesterPresence
  readonly #timeout: number

  constructor(publishing: ReconnectingConnection, parts: Pick<RequesterParts, 'window' | 'secrets'>, timeout: number) {
    this.#publisher = new Publisher(publishing, parts.window, parts.secrets)
    this.#presence = new RequesterPresence(publishing)
    this.#timeout = timeout
  }

  send(message: OutgoingMessage): Promise<unknown> {
    return this.#publisher.publish('', message, { timeout: this.#timeout })
  }

  checkPresence(replyTo: string, onGone: () => void): void {
    this.#presence.check(replyTo, onGone)
  }

  async close(): Promise<void> {
    await this.#publisher.close()
  }
}
