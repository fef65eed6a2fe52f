import { failureText } from '../../broker/amqp/messages/warren-headers.ts'
import { maskThrown } from '../../model/secrets/mask-thrown.ts'
import type { Handler } from '../consume/handler-delivery.ts'
import type { AboutDelivery, RuntimeEmitter } from '../events/runtime-events.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { AnswerFailure } from '../failure/failure-handling.ts'
import { nextMessageId } from '../publish/next-message-id.ts'
import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import { PublicationRoute } from '../publish/publication-route.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { DeclaredRequest } from '../routes/declared-routes.ts'
import { ERROR_HEADER, REPLY_TO } from './reply-header.ts'

/** Sends replies through the default exchange: to a broker, or in the memory of a test. */
export interface ReplySender {
  /** Rejects with a `PublishError`. */
  send(message: OutgoingMessage): Promise<unknown>
  /** Calls back if the sender of a request is gone and the broker does not return replies to it. */
  checkPresence(replyTo: string, onGone: () => void): void
}

/** Answers the requests of one route: with what the handler returns, or with its failure. */
export class Responder {
  readonly #name: string
  readonly #label: string
  readonly #route: PublicationRoute
  readonly #sender: ReplySender
  readonly #events: RuntimeEmitter

  constructor({ request, checkReply }: DeclaredRequest, sender: ReplySender, events: RuntimeEmitter) {
    const { name, vhost, reply } = request
    this.#name = name
    this.#label = `reply to request "${name}"`
    const route = { exchange: '', routingKey: '', parameters: [], headers: {} }
    const handling = { persistent: false, mandatory: false, confirm: true }
    const publication = { name, vhost, ...route, ...handling, ...(reply.message && { message: reply.message }) }
    this.#route = new PublicationRoute(publication, checkReply, undefined, this.#label)
    this.#sender = sender
    this.#events = events
  }

  /** A handler that runs another one and sends what it returns. The request is acknowledged after that. */
  answering(handler: Handler): Handler {
    return async (body, delivery) => {
      const answer = await handler(body, delivery)
      // An invalid reply is a failed attempt, even if its sender is gone.
      const message = this.#route.message(answer, {})
      const { subscription, queue, messageId, correlationId, attempt, replyTo } = delivery
      await this.#send(message, replyTo, { subscription, queue, messageId, correlationId, attempt })
    }
  }

  /** Sends the reason of a failure. If that is impossible, the sender of the request gets no reply in time. */
  readonly answerFailure: AnswerFailure = async (subscription, delivery, { error }) => {
    const about = aboutDelivery(subscription, delivery)
    const replyTo: unknown = delivery.message.properties.replyTo
    const headers = { [ERROR_HEADER]: failureText(maskThrown(error, this.#events.secrets)) }
    const message = {
      route: this.#name,
      label: this.#label,
      messageId: nextMessageId(),
      routingKey: '',
      content: Buffer.alloc(0),
      properties: { headers },
      isOnlyWithId: true,
    }
    await this.#send(message, typeof replyTo === 'string' ? replyTo : undefined, about).catch(() => undefined)
  }

  /** Rejects if the reply may not have been sent to a sender that still waits. */
  async #send(message: OutgoingMessage, replyTo: string | undefined, about: AboutDelivery): Promise<void> {
    const dropped = (cause: 'sender gone' | 'no replyTo'): void =>
      this.#events.emit('replyDropped', { ...about, request: this.#name, cause })
    if (replyTo === undefined) return dropped('no replyTo')
    const isDirect = replyTo.startsWith(`${REPLY_TO}.`)
    const { messageId } = message
    const correlation = about.correlationId === undefined ? {} : { correlationId: about.correlationId }
    // The broker may return every reply to a direct address that is mandatory: see RequesterPresence.
    const properties = { ...message.properties, ...correlation, messageId, mandatory: !isDirect }
    if (isDirect) this.#sender.checkPresence(replyTo, () => dropped('sender gone'))
    try {
      await this.#sender.send({ ...message, routingKey: replyTo, properties })
    } catch (error) {
      if (!(error instanceof PublishError && error.outcome === 'unroutable')) throw error
      dropped('sender gone')
    }
  }
}
