import type { ConsumeMessage } from 'amqplib'
import type { Clock } from '../../runtime/clock.ts'
import type { OutgoingMessage } from '../../runtime/publish/outgoing-message.ts'
import { PendingRequests } from '../../runtime/requests/pending-requests.ts'
import { REPLY_TO } from '../../runtime/requests/reply-header.ts'
import type { RequestOptions } from '../../runtime/requests/request-options.ts'
import type { ReplySender } from '../../runtime/requests/responder.ts'
import type { DeclaredRequest } from '../../runtime/routes/declared-routes.ts'
import { RouteError } from '../../runtime/routes/route-error.ts'
import { messageProperties } from './delivered-message.ts'

/** Replies only reach the requests of this runtime, whatever the address. */
const ADDRESS = `${REPLY_TO}.test`

/** The requests of a test runtime, and the replies to them. */
export class TestRequests implements ReplySender {
  readonly #pending: PendingRequests

  constructor(clock: Clock) {
    this.#pending = new PendingRequests(clock)
  }

  /** Delivers a request to its responder, and resolves with the reply. */
  async request(
    declared: DeclaredRequest,
    message: OutgoingMessage,
    { timeout = declared.request.reply.timeout, signal }: RequestOptions,
    deliver: (message: ConsumeMessage) => unknown,
  ): Promise<unknown> {
    const pending = this.#pending.add(declared, { timeout, signal })
    pending.sent()
    const { content, messageId, routingKey } = message
    const { correlationId } = pending
    const given = { ...message.properties, messageId, correlationId, replyTo: ADDRESS } as Partial<
      ConsumeMessage['properties']
    >
    const { exchange } = declared.request
    const fields = { consumerTag: 'test', deliveryTag: 1, redelivered: false, exchange, routingKey }
    if (!signal?.aborted) deliver({ content, properties: messageProperties(given), fields })
    return pending.reply
  }

  send({ content, properties }: OutgoingMessage): Promise<void> {
    this.#pending.received({
      content,
      properties: messageProperties(properties),
    })
    return Promise.resolve()
  }

  checkPresence(): void {
    // The sender is the test, which is still there.
  }

  close(): void {
    this.#pending.close()
  }
}

/** The error of a request that no program answers, which would otherwise wait until the test advances the clock. */
export function notAnswered(request: string): RouteError {
  const hint = `call respond("${request}", handler) first, as the program that answers does`
  return new RouteError('NOT_CONSUMED', request, `nothing responds to the request "${request}"`, hint)
}
