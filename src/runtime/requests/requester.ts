import type { ConfirmChannel } from 'amqplib'
import { systemClock } from '../clock.ts'
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts'
import type { Observer } from '../events/observer.ts'
import { Publisher } from '../publish/publisher.ts'
import type { PublishWindow } from '../publish/publisher.ts'
import type { DeclaredRequest } from '../routes/declared-routes.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { brokerReason } from '../../diagnostics/broker-reason.ts'
import { PendingRequests } from './pending-requests.ts'
import { REPLY_TO } from './reply-header.ts'
import { requestMessage } from './request-message.ts'
import type { RequestOptions } from './request-options.ts'

/** The parts of a requester. */
export interface RequesterParts {
  readonly publishing: ReconnectingConnection
  readonly window: PublishWindow
  readonly secrets: SecretRegistry
  readonly observer: Observer
}

/**
 * Sends requests and receives their replies over direct reply-to, which needs no queue. RabbitMQ delivers a reply only
 * to the channel that sent the request, so each lane of the publisher consumes the replies to its own requests.
 */
export class Requester {
  readonly #pending = new PendingRequests(systemClock)
  readonly #publisher: Publisher
  readonly #observer: Observer

  constructor({ publishing, window, secrets, observer }: RequesterParts) {
    this.#observer = observer
    this.#publisher = new Publisher(publishing, window, secrets, (channel, exchange) =>
      this.#consumeReplies(channel, exchange),
    )
  }

  /** Resolves with the body of the reply. Throws a `PublishError` if the request is invalid. */
  request(declared: DeclaredRequest, body: unknown, options: RequestOptions): Promise<unknown> {
    const { timeout = declared.request.reply.timeout, signal } = options
    const message = requestMessage(declared, body, options)
    const pending = this.#pending.add(declared, { timeout, signal })
    if (signal?.aborted) return pending.reply
    message.properties.correlationId = pending.correlationId
    message.properties.replyTo = REPLY_TO
    const ended = this.#observer.publishing(declared.request, message)
    const sent = (): void => {
      pending.sent()
      ended?.()
    }
    const failed = (error: unknown): void => {
      pending.fail(error)
      ended?.(error)
    }
    this.#publisher.publish(declared.request.exchange, message, { timeout, signal }).then(sent, failed)
    return pending.reply
  }

  /** The number of requests whose replies have not arrived. */
  get unanswered(): number {
    return this.#pending.size
  }

  /** Rejects the requests that still wait. */
  async close(): Promise<void> {
    this.#pending.close()
    await this.#publisher.close()
  }

  /** Replies are not acknowledged: the broker does not keep them. */
  async #consumeReplies(channel: ConfirmChannel, exchange: string): Promise<void> {
    let cause: unknown
    channel.on('error', (error: unknown) => (cause = error))
    channel.on('close', () => {
      const waiting = this.#pending.of(exchange)
      // The confirms that came with the end of the channel are handled first.
      setImmediate(() => this.#pending.lost(waiting, brokerReason(cause ?? 'the connection was lost')))
    })
    await channel.consume(REPLY_TO, (reply) => reply && this.#pending.received(reply), { noAck: true })
  }
}
