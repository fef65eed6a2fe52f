import { withCode } from '../../diagnostics/error-code.ts'
import type { ConsumeMessage, MessageProperties } from 'amqplib'
import type { HandlerDelivery } from '../../runtime/consume/handler-delivery.ts'
import type { OptionNames } from '../../runtime/option-names.ts'
import { encoderFor, JSON_TYPE } from '../../runtime/payloads/body.ts'
import { nextMessageId } from '../../runtime/publish/next-message-id.ts'
import { type Subscription, VERSION_HEADER } from '../../model/routes.ts'
import type { Upcasters } from '../../runtime/consume/reading/message-versions.ts'
import type { SubscriptionType } from '../../runtime/routes/route-types.ts'
import { RouteError } from '../../runtime/routes/route-error.ts'
import { WarrenHeader } from '../../broker/amqp/messages/warren-headers.ts'
import { checkOptionNames } from '../check-option-names.ts'

/** A message as a queue delivers it to a handler. Only the body is required. */
export interface DeliveredMessage<Body = unknown> {
  /**
   * The body as its publisher passes it: it is encoded, and then read and checked like a real one. Bytes are
   * delivered unchanged.
   */
  readonly body: Body | Uint8Array
  /** The number of the attempt: 1, the default, is the first, and 2 the first retry. */
  readonly attempt?: number
  /** The headers that the publisher set. Default: none. */
  readonly headers?: Readonly<Record<string, unknown>>
  /** Default: a unique id. */
  readonly messageId?: string
  /** Default: none. */
  readonly correlationId?: string
  /** The kind of message. Default: none. */
  readonly type?: string
  /** Default: the content type that the subscription declares (`message.contentType`), or `application/json`. */
  readonly contentType?: string
  /** Default: none. */
  readonly replyTo?: string
  /** From 0 to 255. Default: none. */
  readonly priority?: number
  /** When it was published; the broker keeps whole seconds. Default: now, by the clock of the test runtime. */
  readonly timestamp?: Date
  /** The exchange that it was published to. Default: the default exchange, `""`. */
  readonly exchange?: string
  /** The routing key that it was published with. Default: the name of the queue. */
  readonly routingKey?: string
  /**
   * The version of the body, as the publisher sets it in the header `message-version`. Default: the `message.version` that
   * the subscription declares; for bytes no header, which means version 1.
   */
  readonly version?: number
  /** How often a quorum queue has already delivered this message without receiving an acknowledgement. Default 0. */
  readonly returns?: number
  /** When the first attempt failed. Default: unknown. */
  readonly firstFailed?: Date
  /** The error of the last attempt. Default: unknown. */
  readonly lastError?: string
}

/** A message for a subscription: of its own version, or of an accepted older one with the body of that version. */
export type DeliveredTo<Subscription extends SubscriptionType> =
  | DeliveredMessage<Subscription['body']>
  | (Subscription extends { readonly upcast: infer Older extends Upcasters }
      ? {
          [Version in keyof Older]: Older[Version] extends (body: infer Body) => unknown
            ? DeliveredMessage<Body> & { readonly version: Version }
            : never
        }[keyof Older]
      : never)

/** The options that a delivered message shares with the delivery of a handler. */
export const DELIVERED: Readonly<Record<keyof DeliveredMessage & ('body' | keyof HandlerDelivery), true>> = {
  body: true,
  attempt: true,
  headers: true,
  messageId: true,
  correlationId: true,
  type: true,
  contentType: true,
  replyTo: true,
  priority: true,
  timestamp: true,
  exchange: true,
  routingKey: true,
  firstFailed: true,
  lastError: true,
}

const OPTIONS: OptionNames<DeliveredMessage> = { ...DELIVERED, returns: true, version: true }

/** Throws if a delivery cannot have these values. */
export function checkDelivered(
  caller: string,
  message: object & { readonly attempt?: number; readonly version?: number },
  names: Readonly<Record<string, true>> = OPTIONS,
): void {
  checkOptionNames(caller, message, Object.keys(names))
  const { attempt = 1, version = 1 } = message
  for (const [name, value] of Object.entries({ attempt, version })) {
    if (Number.isInteger(value) && value >= 1) continue
    throw withCode(
      'INVALID_OPTION',
      new RangeError(`${caller}: ${name} must be a positive whole number, not ${String(value)}`),
    )
  }
}

/** Builds the message that amqplib would pass to the consumer of a subscription. */
export function asDelivered(subscription: Subscription, given: DeliveredMessage, now: number): ConsumeMessage {
  const { attempt = 1, returns = 0, timestamp, firstFailed, lastError, exchange = '' } = given
  const { routingKey = subscription.queue, correlationId, type, replyTo, priority } = given
  const { contentType = subscription.message?.contentType ?? JSON_TYPE, messageId = nextMessageId() } = given
  const { version = given.body instanceof Uint8Array ? undefined : subscription.message?.version } = given
  const isCountedByBroker = subscription.failure.kind === 'native'
  const failures = isCountedByBroker ? attempt - 1 : 0
  const acquired = Math.max(returns, failures)
  return {
    content: contentOf(subscription, given.body, contentType),
    properties: messageProperties({
      messageId,
      contentType,
      correlationId,
      type,
      replyTo,
      priority,
      timestamp: Math.floor((timestamp?.getTime() ?? now) / 1_000),
      headers: {
        ...(version !== undefined && { [VERSION_HEADER]: version }),
        ...given.headers,
        ...(subscription.failure.kind === 'ladder' && attempt > 1 && { [WarrenHeader.attempt]: attempt - 1 }),
        ...(firstFailed && { [WarrenHeader.firstFailed]: firstFailed.toISOString() }),
        ...(lastError !== undefined && { [WarrenHeader.error]: lastError }),
        ...(acquired > 0 && counts(failures, acquired)),
      },
    }),
    fields: { consumerTag: 'test', deliveryTag: 1, redelivered: acquired > 0, exchange, routingKey },
  }
}

/** Builds the redelivery of a message after it was rejected (a failure) or requeued. */
export function redelivered(message: ConsumeMessage, isFailure: boolean): ConsumeMessage {
  const { headers = {} } = message.properties
  const count = (name: string): number => (message.fields.redelivered ? Number(headers[name] ?? 0) : 0)
  const failures = count('x-delivery-count') + (isFailure ? 1 : 0)
  return {
    content: message.content,
    properties: { ...message.properties, headers: { ...headers, ...counts(failures, count('x-acquired-count') + 1) } },
    fields: { ...message.fields, redelivered: true },
  }
}

/** Builds a message with the properties of a copy, as it returns from its delay queue. */
export function copied(content: Buffer, given: Partial<MessageProperties>, queue: string): ConsumeMessage {
  const fields = { consumerTag: 'test', deliveryTag: 1, redelivered: false, exchange: '', routingKey: queue }
  return { content, properties: messageProperties(given), fields }
}

/** The counters that a quorum queue of RabbitMQ 4.3 writes. */
function counts(failures: number, acquired: number): Record<string, number> {
  return { 'x-delivery-count': failures, 'x-acquired-count': acquired }
}

function contentOf({ name }: Subscription, body: unknown, contentType: string): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body)
  const encoded = encoderFor(contentType)(body)
  if ('content' in encoded) return encoded.content
  const hint = 'give what a publisher could send, or the bytes themselves'
  throw new RouteError('INVALID_MESSAGE', name, `deliver("${name}"): ${encoded.wrong}`, hint)
}

/** The properties as amqplib delivers them: all exist, and unset ones are undefined. */
export function messageProperties(given: Partial<MessageProperties>): MessageProperties {
  return {
    contentType: undefined,
    contentEncoding: undefined,
    headers: {},
    deliveryMode: 2,
    priority: undefined,
    correlationId: undefined,
    replyTo: undefined,
    expiration: undefined,
    messageId: undefined,
    timestamp: undefined,
    type: undefined,
    userId: undefined,
    appId: undefined,
    clusterId: undefined,
    ...given,
  }
}
