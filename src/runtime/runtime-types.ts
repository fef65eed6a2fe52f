import type { ConsumeOptions } from './consume/consume-options.ts'
import type { DrainResult } from './consume/consume-session.ts'
import type { Handler } from './consume/handler-delivery.ts'
import type { Confirmed } from './publish/outgoing-message.ts'
import type { ArgumentsOf, KnownPublication, RouteTypes, SubscriptionName, UntypedName } from './routes/route-types.ts'
import type { RuntimeEventName, RuntimeListener } from './events/runtime-events.ts'

/**
 * Publishes and consumes over the declared routes of one vhost. `connect` makes one for a broker, and
 * `createTestRuntime` of `warren/testing` one that needs none: a program that takes a `Runtime` works with both.
 */
export interface Runtime<Types extends RouteTypes = RouteTypes> extends AsyncDisposable {
  /** The vhost on the broker. */
  readonly vhost: string
  /**
   * Whether it is connected, can publish, every consumer consumes, and none has ended because of an error:
   * what a readiness probe asks.
   */
  readonly isReady: boolean
  /** Whether it has been told to close: what is published from now on may be refused. */
  readonly isClosing: boolean
  /**
   * Whether going on can still do what the program is for: what a liveness probe asks. False when it is closed, and when a
   * subscription has ended because of an error; a lost or blocked broker is no reason to start the process again.
   */
  readonly isAlive: boolean
  /** Resolves when it has been closed, by whomever. */
  readonly closed: Promise<Closed>

  /**
   * Publishes a message over a declared publication. Resolves when the broker has confirmed it (with `confirm: false`,
   * as soon as it is handed over), and rejects with a `PublishError` that names the outcome. While the window of
   * unconfirmed messages is full, the broker blocks publishers, or the connection is being restored, it waits.
   */
  publish<Name extends string>(
    publication: KnownPublication<Types, Name>,
    ...message: ArgumentsOf<Types, Name>
  ): Promise<Confirmed>

  /**
   * Consumes a declared subscription. The handler gets the body and the delivery; when it returns, the message is
   * acknowledged; when it throws, what the topology declares for failures happens. Resolves when the broker
   * delivers, and rejects with what is missing.
   */
  consume<Body = unknown>(
    subscription: UntypedName<Types>,
    handler: Handler<Body>,
    options?: ConsumeOptions,
  ): Promise<Consumer>
  // The compiler complains about the last one, so this is the one whose names and bodies it knows.
  consume<Name extends SubscriptionName<Types>>(
    subscription: Name,
    handler: Handler<Types['subscriptions'][Name]['body']>,
    options?: ConsumeOptions,
  ): Promise<Consumer>

  /** Listens to what happens: see `RuntimeEvents`. */
  on<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): this
  /** Stops listening. */
  off<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): this

  /**
   * Ends everything within `deadline` milliseconds (default 25,000, below the 30 seconds that Kubernetes gives): cancels the
   * consumers, gives back what has not begun, lets handlers end, aborts those that do not, waits for confirms,
   * and closes the connections. A second call gets the same answer.
   */
  close(options?: { deadline?: number }): Promise<Closed>
}

/** What became of the work that was going on when a runtime was closed. */
export interface Closed {
  /** Deliveries whose handlers ended in time. */
  readonly finished: number
  /** Deliveries given back to their queues without having begun. */
  readonly requeued: number
  /** Deliveries whose handlers still ran at the deadline; the broker delivers them again. */
  readonly aborted: number
  /** Messages that were not confirmed by the deadline; their publishes were rejected. */
  readonly unconfirmed: number
}

/** A running subscription. It begins again by itself whenever its channel, connection or queue was lost. */
export interface Consumer extends AsyncDisposable {
  /** The subscription's name. */
  readonly subscription: string
  /** Whether it consumes at this moment. */
  readonly isUp: boolean
  /** Resolves when it has ended, by `stop()`, by the closing of the runtime, or by an error. Never rejects. */
  readonly stopped: Promise<ConsumerEnd>
  /**
   * Stops consuming: what has not begun goes back to the queue, running handlers may end within
   * `deadline` milliseconds (default 25,000), and are aborted after that.
   */
  stop(options?: { deadline?: number }): Promise<ConsumerEnd>
}

/** How a consumer ended. */
export interface ConsumerEnd extends DrainResult {
  /** Why it ended, unless the program stopped it. */
  readonly error: Error | undefined
}
