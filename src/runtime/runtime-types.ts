import type { BatchOptions } from './consume/batch-options.ts'
import type { BatchHandler } from './consume/batches.ts'
import type { ConsumeOptions } from './consume/consume-options.ts'
import type { DrainResult } from './consume/consume-session.ts'
import type { Handler } from './consume/handler-delivery.ts'
import type { RequestHandler } from './requests/request-handler.ts'
import type { Confirmed } from './publish/outgoing-message.ts'
import type {
  ArgumentsOf,
  ConsumeArguments,
  KnownPublication,
  KnownRequest,
  ReplyBody,
  RequestArguments,
  RequestBody,
  RequestName,
  RequiredOptionsOf,
  RouteTypes,
  SubscriptionName,
  UntypedName,
} from './routes/route-types.ts'
import type { RuntimeEventName, RuntimeListener } from './events/runtime-events.ts'

/**
 * Publishes and consumes over the declared routes of one vhost. `connect` creates a runtime for a broker, and
 * `createTestRuntime` of `warren/testing` creates one without a broker. A program that takes a `Runtime` works with
 * both.
 */
export interface Runtime<Types extends RouteTypes = RouteTypes> extends AsyncDisposable {
  /** The vhost on the broker. */
  readonly vhost: string
  /**
   * For a readiness probe: whether it is connected, can publish, every consumer consumes, and none has ended because of an
   * error. A consumer that the program has stopped does not count, so `stopConsuming` leaves it true.
   */
  readonly isReady: boolean
  /** Whether it is closing: messages published from now on may be refused. */
  readonly isClosing: boolean
  /**
   * For a liveness probe: false when it is closed, and when a subscription has ended because of an error. A lost or blocked
   * broker does not justify a restart of the process.
   */
  readonly isAlive: boolean
  /** Resolves when it has been closed. */
  readonly closed: Promise<Closed>

  /**
   * Publishes a message to a declared publication. Resolves when the broker has confirmed it (with `confirm: false`,
   * as soon as the runtime has accepted it), and rejects with a `PublishError` that names the outcome. It waits while
   * the window of unconfirmed messages is full, the broker blocks publishers, or the connection is being restored.
   */
  publish<Name extends string>(
    publication: KnownPublication<Types, Name>,
    ...message: ArgumentsOf<Types, Name>
  ): Promise<Confirmed>

  /**
   * Consumes a declared subscription. The handler receives the body and the delivery. When it returns, the message is
   * acknowledged; when it throws, the failure is handled as the topology declares. Resolves when the consumer is running,
   * and rejects when an object is missing.
   */
  consume<Body = unknown>(
    subscription: UntypedName<Types>,
    handler: Handler<Body>,
    options?: ConsumeOptions,
  ): Promise<Consumer>
  // The compiler reports errors for the last overload, so the typed one comes last.
  consume<Name extends SubscriptionName<Types>>(
    subscription: Name,
    handler: Handler<Types['subscriptions'][Name]['body']>,
    ...options: ConsumeArguments<Types['subscriptions'][Name]>
  ): Promise<Consumer>

  /**
   * Consumes a declared subscription in batches. The handler receives up to `size` messages at once; what it returns or throws
   * settles all of them, or each by itself: see `BatchHandler`. Retries, dead letters, time limits and idempotency keys apply to each message.
   * Otherwise it is like `consume`.
   */
  consumeBatch<Body = unknown>(
    subscription: UntypedName<Types>,
    options: BatchOptions,
    handler: BatchHandler<Body>,
  ): Promise<Consumer>
  consumeBatch<Name extends SubscriptionName<Types>>(
    subscription: Name,
    options: BatchOptions & RequiredOptionsOf<Types['subscriptions'][Name]>,
    handler: BatchHandler<Types['subscriptions'][Name]['body']>,
  ): Promise<Consumer>

  /**
   * Sends a declared request, and resolves with the body of the reply, checked against its schema. Rejects with a
   * `PublishError` if the request was not sent (`PUBLISH_UNROUTABLE` if no queue takes it), and with a `RequestError` if
   * it has no valid reply: `REPLY_TIMEOUT`, `REPLY_FAILED`, `REPLY_INVALID`, `REPLY_CANCELLED`, or `REPLY_LOST` when
   * the connection is lost, because replies are lost with it.
   */
  request<Name extends string>(
    request: KnownRequest<Types, Name>,
    ...message: RequestArguments<Types, Name>
  ): Promise<ReplyBody<Types, Name>>

  /**
   * Answers a declared request: consumes its subscription, and sends what the handler returns to the sender, checked
   * against the schema of the reply. Then the request is acknowledged. When the handler throws, the failure is handled as
   * the queue declares it; the sender receives the failure after the last attempt, and at once if the queue has
   * neither `retry` nor `deadLetter`. Otherwise it is like `consume`.
   *
   * @throws {RouteError} `UNKNOWN_NAME` for an unknown request, `NOT_SUPPORTED` for one without a subscription
   */
  respond<Name extends RequestName<Types>>(
    request: Name,
    handler: RequestHandler<RequestBody<Types, Name>, ReplyBody<Types, Name>>,
    options?: ConsumeOptions,
  ): Promise<Consumer>

  /** Adds a listener: see `RuntimeEvents`. */
  on<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): this
  /** Removes a listener. */
  off<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): this

  /**
   * Stops every consumer, as `Consumer.stop` does, and continues to publish. Call it before you stop other sources of work, such as an
   * HTTP server whose requests still publish, and call `close` after them.
   */
  stopConsuming(options?: { deadline?: number }): Promise<DrainResult>

  /**
   * Closes the runtime within `deadline` milliseconds (default 25,000, below the 30 seconds of Kubernetes): cancels the
   * consumers, requeues deliveries whose handlers have not started, lets running handlers end and aborts those that do not,
   * waits for confirms, and closes the connections. A second call returns the same result.
   */
  close(options?: { deadline?: number }): Promise<Closed>
}

/** The outcome of the work that was in progress when a runtime was closed. */
export interface Closed {
  /** Deliveries whose handlers ended in time. */
  readonly finished: number
  /** Deliveries requeued before their handlers started. */
  readonly requeued: number
  /** Deliveries whose handlers still ran at the deadline; the broker redelivers them. */
  readonly aborted: number
  /** Messages that were not confirmed, and requests without a reply, by the deadline; they were rejected. */
  readonly unconfirmed: number
}

/** A running subscription. It resumes automatically after it has lost its channel, connection or queue. */
export interface Consumer extends AsyncDisposable {
  /** The subscription's name. */
  readonly subscription: string
  /** Whether it is consuming now. */
  readonly isUp: boolean
  /** Resolves when it has ended: by `stop()`, because the runtime closed, or because of an error. Never rejects. */
  readonly stopped: Promise<ConsumerEnd>
  /**
   * Stops consuming: requeues deliveries whose handlers have not started, lets running handlers end within `deadline`
   * milliseconds (default 25,000), and aborts them after that.
   */
  stop(options?: { deadline?: number }): Promise<ConsumerEnd>
}

/** How a consumer ended. */
export interface ConsumerEnd extends DrainResult {
  /** Why it ended, unless the program stopped it. */
  readonly error: Error | undefined
}
