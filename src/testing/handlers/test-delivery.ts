import type { HandlerDelivery } from '../../runtime/consume/handler-delivery.ts'
import { VERSION_HEADER } from '../../model/routes.ts'
import type { OptionNames } from '../../runtime/option-names.ts'
import { checkDelivered, DELIVERED } from './delivered-message.ts'

/** The properties of a test's delivery; all of them have defaults. */
export interface TestDeliveryOptions<Body = unknown> extends Partial<HandlerDelivery> {
  /** The first argument of the handler. It is neither encoded nor checked. */
  readonly body?: Body
  /** The version of the message that was received, for the header `message-version`. Default: no header. */
  readonly version?: number
}

/** A delivery for calling a handler, and the matching body. */
export interface TestDelivery<Body = unknown> extends HandlerDelivery {
  readonly body: Body
}

const OPTIONS: OptionNames<TestDeliveryOptions> = {
  ...DELIVERED,
  subscription: true,
  queue: true,
  redelivered: true,
  offset: true,
  idempotencyKey: true,
  signal: true,
  version: true,
}

/**
 * Makes the arguments of a handler, for a test that calls it directly and needs no topology:
 *
 * ```ts
 * const delivery = testDelivery({ body: { to: 'ann@example.com' }, attempt: 3 })
 * await sendEmail(delivery.body, delivery)
 * ```
 *
 * By default, it is the first attempt at a message with the id `test-message` and no headers, in the subscription and
 * queue `test`.
 *
 * @throws {WarrenError} `INVALID_OPTION` when an option does not exist
 * @throws {RangeError} when the attempt or the version is not a positive whole number
 */
export function testDelivery<Body = undefined>(options: TestDeliveryOptions<Body> = {}): TestDelivery<Body> {
  checkDelivered('testDelivery', options, OPTIONS)
  const { queue = 'test', attempt = 1, version, headers, ...given } = options
  return {
    subscription: 'test',
    messageId: 'test-message',
    correlationId: undefined,
    type: undefined,
    contentType: 'application/json',
    replyTo: undefined,
    priority: undefined,
    timestamp: undefined,
    redelivered: false,
    exchange: '',
    routingKey: queue,
    offset: undefined,
    firstFailed: undefined,
    lastError: undefined,
    idempotencyKey: undefined,
    signal: new AbortController().signal,
    ...given,
    headers: { ...(version !== undefined && { [VERSION_HEADER]: version }), ...headers },
    body: options.body as Body,
    queue,
    attempt,
  }
}
