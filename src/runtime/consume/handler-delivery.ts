import type { ConsumeMessage } from 'amqplib'
import type { Delivery } from './delivery.ts'
import { errorHeader, ownHeaders, timeHeader, WarrenHeader } from '../../broker/amqp/messages/warren-headers.ts'
import type { Headers } from '../../broker/amqp/messages/warren-headers.ts'

/** What a handler gets to know of a message beside its body. Of a retried message it is what the first delivery had. */
export interface HandlerDelivery {
  readonly subscription: string
  readonly queue: string
  readonly messageId: string | undefined
  readonly correlationId: string | undefined
  readonly type: string | undefined
  readonly contentType: string | undefined
  readonly replyTo: string | undefined
  readonly priority: number | undefined
  /** When the message was published, by its publisher's clock, in whole seconds. */
  readonly timestamp: Date | undefined
  /** Which try this is: 1 is the first, 2 the first retry. */
  readonly attempt: number
  /** The broker has given this very message out before, to someone who did not acknowledge it. */
  readonly redelivered: boolean
  /** The exchange and routing key that the message was first published with. */
  readonly exchange: string
  readonly routingKey: string
  /** The headers that the publisher set. */
  readonly headers: Headers
  /**
   * The place of the message in its stream, from 0; undefined for other queues. A program that keeps it continues later
   * with the one that follows: `consume(name, handler, { offset: { kind: 'offset', offset: kept + 1 } })`.
   */
  readonly offset: number | undefined
  /** When the first try failed. */
  readonly firstFailed: Date | undefined
  /** What the last try failed with. */
  readonly lastError: string | undefined
  /** What `idempotencyKey` of the subscription points at: the same for every delivery of one message. */
  readonly idempotencyKey: string | undefined
  /**
   * Aborted when the outcome of the handler no longer matters: it took too long, the delivery was lost with its
   * channel (the broker then delivers it again, perhaps while this handler still runs), or the runtime closes.
   */
  readonly signal: AbortSignal
}

/** Does the work for one message. Returning acknowledges it; throwing is a failed try. */
export type Handler<Body = unknown> = (body: Body, delivery: HandlerDelivery) => unknown

/** Shows an delivery message to a handler, which has no way to settle it but to return or to throw. */
export class HandlerDeliveryView implements HandlerDelivery {
  readonly subscription: string
  readonly idempotencyKey: string | undefined
  readonly #delivery: Delivery

  constructor(subscription: string, delivery: Delivery, idempotencyKey: string | undefined) {
    this.subscription = subscription
    this.#delivery = delivery
    this.idempotencyKey = idempotencyKey
  }

  get queue(): string {
    return this.#delivery.queue
  }

  get messageId(): string | undefined {
    return this.#delivery.messageId
  }

  get correlationId(): string | undefined {
    return this.#delivery.correlationId
  }

  get type(): string | undefined {
    return text(this.#properties.type)
  }

  get contentType(): string | undefined {
    return text(this.#properties.contentType)
  }

  get replyTo(): string | undefined {
    return text(this.#properties.replyTo)
  }

  get priority(): number | undefined {
    const { priority } = this.#properties
    return typeof priority === 'number' ? priority : undefined
  }

  get timestamp(): Date | undefined {
    return this.#delivery.timestamp
  }

  get attempt(): number {
    return this.#delivery.attempt
  }

  get redelivered(): boolean {
    return this.#delivery.message.fields.redelivered
  }

  get exchange(): string {
    return this.#delivery.exchange
  }

  get routingKey(): string {
    return this.#delivery.routingKey
  }

  get headers(): Headers {
    return ownHeaders(this.#properties.headers)
  }

  get offset(): number | undefined {
    return this.#delivery.offset
  }

  get firstFailed(): Date | undefined {
    const written = timeHeader(this.#properties.headers, WarrenHeader.firstFailed)
    return written === undefined ? undefined : new Date(written)
  }

  get lastError(): string | undefined {
    return errorHeader(this.#properties.headers)
  }

  get signal(): AbortSignal {
    return this.#delivery.signal
  }

  get #properties(): ConsumeMessage['properties'] {
    return this.#delivery.message.properties
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
