import type { ConsumeMessage } from 'amqplib'
import type { Delivery } from './delivery.ts'
import { errorHeader, ownHeaders, timeHeader, WarrenHeader } from '../../broker/amqp/messages/warren-headers.ts'
import type { MessageHeaders } from '../../broker/amqp/messages/warren-headers.ts'

/**
 * The properties of a message that a handler receives in addition to its body. A retried message has the properties
 * of its first delivery.
 */
export interface HandlerDelivery {
  readonly subscription: string
  readonly queue: string
  readonly messageId: string | undefined
  readonly correlationId: string | undefined
  readonly type: string | undefined
  readonly contentType: string | undefined
  readonly replyTo: string | undefined
  readonly priority: number | undefined
  /** When the message was published, by the clock of its publisher, in whole seconds. */
  readonly timestamp: Date | undefined
  /** The number of this attempt: 1 is the first, 2 the first retry. */
  readonly attempt: number
  /** Whether the broker has delivered this message before without receiving an acknowledgement. */
  readonly redelivered: boolean
  /** The exchange and routing key of the first publish. */
  readonly exchange: string
  readonly routingKey: string
  /** The headers that the publisher set. */
  readonly headers: MessageHeaders
  /**
   * The offset of the message in its stream, from 0; undefined for other queues. A program that stores it can
   * continue with the next message: `consume(name, handler, { offset: { kind: 'offset', offset: kept + 1 } })`.
   */
  readonly offset: number | undefined
  /** When the first attempt failed. */
  readonly firstFailed: Date | undefined
  /** The error of the last attempt. */
  readonly lastError: string | undefined
  /** The value that `idempotencyKey` of the subscription points to: the same for every delivery of one message. */
  readonly idempotencyKey: string | undefined
  /**
   * Aborted when the outcome of the handler no longer matters: it took too long, the delivery was lost with its
   * channel (the broker then delivers it again, perhaps while this handler still runs), or the runtime closes.
   */
  readonly signal: AbortSignal
}

/** Handles one message. Returning acknowledges the message; throwing is a failed attempt. */
export type Handler<Body = unknown> = (body: Body, delivery: HandlerDelivery) => unknown

/** Presents a delivery to a handler, which can settle it only by returning or throwing. */
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

  get headers(): MessageHeaders {
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
