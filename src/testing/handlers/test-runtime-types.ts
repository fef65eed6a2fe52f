import type { PublicationName, RouteTypes, SubscriptionName } from '../../runtime/routes/route-types.ts'
import type { Runtime } from '../../runtime/runtime-types.ts'
import type { DeliveredMessage } from './delivered-message.ts'
import type { DeliveryOutcome } from './outcome.ts'
import type { RecordedDeadLetter, RecordedPublish, WaitingMessage } from './recorded.ts'

/**
 * A runtime in the memory of a test, without a broker. It can be given to everything that takes a `Runtime`, checks names,
 * parameters and messages as the real one does, and plays what happens to failures by the same rules.
 *
 * It does not model the broker: a publish is recorded and goes to no queue; there are no connections, confirms, acknowledgement
 * timeouts, prefetch, concurrency, rate limits, length limits, message expiry, priorities, stream positions or payload stores; several
 * consumers of one subscription do not share its messages; and what is returned to a queue when a consumer stops is not delivered again.
 */
export interface TestRuntime<Types extends RouteTypes = RouteTypes> extends Runtime<Types> {
  /** The time by the clock of this runtime. */
  readonly now: Date

  /**
   * Gives a message to the handler of a consumed subscription, as its queue would, and resolves when this attempt has ended.
   *
   * The attempt takes no time on the clock of the runtime, unless the handler or the test calls `advance` meanwhile.
   *
   * @throws {RouteError} when there is no such subscription, nothing consumes it, or no publisher could send the body
   * @throws {WarrenError} when the message has an option that does not exist
   * @throws {RangeError} when the attempt is not a whole number from 1 on
   */
  deliver<Name extends SubscriptionName<Types>>(
    subscription: Name,
    message: DeliveredMessage<Types['subscriptions'][Name]['body']>,
  ): Promise<DeliveryOutcome>

  /**
   * Moves the clock of the runtime forward. What becomes due is done in its order: retries are delivered, the time of handlers
   * runs out, claims of idempotency end. Resolves with the attempts that began meanwhile, once they have ended.
   *
   * Handlers that ran already when it was called are not waited for: for them the time passes, and their time limits count. So a
   * handler that takes two seconds is one that calls `await runtime.advance(2_000)`.
   *
   * @param milliseconds 0 or more
   * @throws {RangeError} for anything else
   */
  advance(milliseconds: number): Promise<readonly DeliveryOutcome[]>

  /** What was published over one publication, or over all of them, in order. Throws a `PublishError` when there is none of this name. */
  published<Name extends PublicationName<Types>>(
    publication: Name,
  ): readonly RecordedPublish<Types['publications'][Name]['body']>[]
  published(): readonly RecordedPublish[]

  /** What went to the dead-letter queue of one subscription, or of all of them, in order. Throws a `RouteError` when there is none of this name. */
  deadLetters<Name extends SubscriptionName<Types>>(
    subscription: Name,
  ): readonly RecordedDeadLetter<Types['subscriptions'][Name]['body']>[]
  deadLetters(): readonly RecordedDeadLetter[]

  /** What is delivered again later, of one subscription or of all of them, the earliest first. Throws a `RouteError` when there is none of this name. */
  waiting(subscription?: SubscriptionName<Types>): readonly WaitingMessage[]
}
