import type { PublicationName, RouteTypes, SubscriptionName } from '../../runtime/routes/route-types.ts'
import type { Runtime } from '../../runtime/runtime-types.ts'
import type { DeliveredTo } from './delivered-message.ts'
import type { DeliveryOutcome } from './outcome.ts'
import type { RecordedDeadLetter, RecordedPublish, WaitingMessage } from './recorded.ts'

/**
 * A runtime in the memory of a test, without a broker. You can pass it to everything that takes a `Runtime`. It checks
 * names, parameters and messages like the real runtime, and applies the same rules to failures.
 *
 * It does not model the broker. A publish is recorded and reaches no queue. A request is recorded and delivered to the
 * handler of `respond`, which has to be called first; its timeout passes with `advance`. There are no connections, confirms,
 * acknowledgement timeouts, prefetch, concurrency, rate limits, length limits, message expiry, priorities, stream
 * positions or payload stores. Several consumers of one subscription do not share its messages. A message that a
 * stopping consumer requeues is not delivered again.
 */
export interface TestRuntime<Types extends RouteTypes = RouteTypes> extends Runtime<Types> {
  /** The time by the clock of this runtime. */
  readonly now: Date

  /**
   * Gives a message to the handler of a consumed subscription, as its queue would, and resolves when this attempt has
   * ended.
   *
   * The attempt takes no time on the clock of the runtime, unless the handler or the test calls `advance` meanwhile.
   *
   * @throws {RouteError} when the subscription does not exist or is not consumed, or when no publisher could send the
   *   body
   * @throws {WarrenError} `INVALID_OPTION` when the message has an option that does not exist
   * @throws {RangeError} when the attempt or the version is not a positive whole number
   */
  deliver<Name extends SubscriptionName<Types>>(
    subscription: Name,
    message: DeliveredTo<Types['subscriptions'][Name]>,
  ): Promise<DeliveryOutcome>

  /**
   * Moves the clock of the runtime forward. In this period it delivers retries, ends handlers at their timeout, and
   * lets idempotency leases expire, in order. Resolves with the attempts that started in this period, when they have
   * ended.
   *
   * It does not wait for handlers that were already running, but their timeouts apply. So a handler that simulates
   * two seconds of work calls `await runtime.advance(2_000)`.
   *
   * @param milliseconds 0 or more
   * @throws {RangeError} for other values
   */
  advance(milliseconds: number): Promise<readonly DeliveryOutcome[]>

  /**
   * Returns the messages published to one publication, or to all of them, in order. Throws a `PublishError` for an
   * unknown name.
   */
  published<Name extends PublicationName<Types>>(
    publication: Name,
  ): readonly RecordedPublish<Types['publications'][Name]['body']>[]
  published(): readonly RecordedPublish[]

  /**
   * Returns the dead letters of one subscription, or of all of them, in order. Throws a `RouteError` for an unknown
   * name.
   */
  deadLetters<Name extends SubscriptionName<Types>>(
    subscription: Name,
  ): readonly RecordedDeadLetter<Types['subscriptions'][Name]['body']>[]
  deadLetters(): readonly RecordedDeadLetter[]

  /**
   * Returns the messages of one subscription, or of all of them, that will be redelivered, the earliest first. Throws
   * a `RouteError` for an unknown name.
   */
  waiting(subscription?: SubscriptionName<Types>): readonly WaitingMessage[]
}
