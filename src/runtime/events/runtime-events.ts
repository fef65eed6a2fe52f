import { withCode } from '../../diagnostics/error-code.ts'
import { EventEmitter } from 'node:events'
import { maskThrown } from '../../model/secrets/mask-thrown.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { PublishOutcome } from '../publish/publish-error.ts'
import type { FailureReason } from '../../broker/amqp/messages/warren-headers.ts'

/** The two connections of a runtime: a blocked publisher must not delay acknowledgements. */
export type ConnectionRole = 'publish' | 'consume'

/** The properties of events about a delivery. */
export interface AboutDelivery {
  readonly subscription: string
  readonly queue: string
  readonly messageId: string | undefined
  readonly correlationId: string | undefined
  /** The number of the attempt; 1 is the first. */
  readonly attempt: number
}

/** The properties of events about a failed delivery. */
export interface AboutFailure extends AboutDelivery {
  readonly reason: FailureReason
  readonly error: unknown
}

/** The result of a delivery for its handler. */
export type HandledOutcome =
  /** The handler returned, and the message was acknowledged. */
  | 'done'
  /** It failed: the outcome of the message is reported by `retried`, `deadLettered`, `discarded`, `held` or `consumerStopped`. */
  | FailureReason
  /** It had been done before, and was acknowledged without running the handler. */
  | 'duplicate'
  /** The consumer was stopped, and the message was requeued. */
  | 'requeued'
  /** The delivery was lost with its channel before it was acknowledged; the broker delivers it again. */
  | 'lost'

/** The events of a runtime, by name. */
export interface RuntimeEvents {
  /** A connection is open, for the first time or again. */
  connectionUp: { readonly role: ConnectionRole }
  /** A connection is lost, or could not be opened at first; the runtime tries again. Emitted once for each reason. */
  connectionDown: { readonly role: ConnectionRole; readonly reason: string }
  /** The broker accepts no messages from this connection (memory or disk alarm). Publishes wait. */
  connectionBlocked: { readonly role: ConnectionRole; readonly reason: string }
  /**
   * The credentials of a connection could not be renewed. The runtime repeats this until they expire, and then with
   * the next connection.
   */
  credentialsFailed: { readonly role: ConnectionRole; readonly error: Error }
  connectionUnblocked: { readonly role: ConnectionRole }
  /** A subscription is consuming, for the first time or again. */
  consumerUp: { readonly subscription: string; readonly queue: string }
  /**
   * Some delay queues of a subscription do not exist; failed messages use the nearest existing one. Emitted when the
   * subscription starts to consume.
   */
  delaysMissing: { readonly subscription: string; readonly queue: string; readonly missing: readonly string[] }
  /** A subscription lost its channel, connection or queue, and the runtime tries to consume again. */
  consumerDown: { readonly subscription: string; readonly queue: string; readonly reason: string }
  /**
   * A subscription to a super stream no longer consumes a partition: it has lost its lock, or gave the partition up for
   * another worker. The other partitions are not affected.
   */
  partitionReleased: { readonly subscription: string; readonly queue: string; readonly reason: string }
  /** A subscription has ended because of an error, and does not restart automatically. */
  consumerStopped: { readonly subscription: string; readonly queue: string; readonly error: Error }
  /** A failed delivery waits for its next attempt: in a delay queue, or (`onFailure: requeue`) in the runtime. */
  retried: AboutFailure & { readonly delay: number }
  /** A failed delivery has been moved to the dead-letter queue. */
  deadLettered: AboutFailure
  /** A failed delivery was acknowledged and dropped, as `then: discard` or `onFailure: discard` declares. */
  discarded: AboutFailure
  /** A request has failed, its queue has no `retry` and no `deadLetter`, and its sender was sent the failure. */
  requestFailed: AboutFailure
  /**
   * The reply to a request was not sent, because its sender is gone or did not ask for one. Whether the sender is still
   * there is checked at most once a second.
   */
  replyDropped: AboutDelivery & { readonly request: string; readonly cause: 'sender gone' | 'no replyTo' }
  /**
   * The copy of a failed delivery could not be published. The runtime holds the delivery, and publishes the copy
   * again later.
   */
  held: AboutFailure & { readonly because: Error }
  /** The copy of a failed delivery could not contain all headers and properties of its message: these are missing. */
  headersDropped: AboutDelivery & { readonly dropped: readonly string[] }
  /** A message of a publication with `confirm: false` was returned, refused or lost. */
  publishFailed: { readonly publication: string; readonly error: Error }
  /** A publish has succeeded or failed. */
  published: {
    readonly publication: string
    readonly exchange: string | undefined
    readonly routingKey: string | undefined
    readonly messageId: string | undefined
    readonly correlationId: string | undefined
    readonly outcome: 'confirmed' | PublishOutcome
    /** From `publish()` to the broker's answer, in milliseconds. */
    readonly duration: number
    readonly error?: unknown
  }
  /** A handler has ended, or a delivery was settled without a handler. */
  handled: AboutDelivery & {
    readonly outcome: HandledOutcome
    /** How long the handler took, in milliseconds. */
    readonly duration: number
    /**
     * The age of the message when its handler began, in milliseconds, by the publisher's clock, which has whole
     * seconds.
     */
    readonly age: number | undefined
    readonly error?: unknown
  }
  /** A message was already handled (`idempotencyKey`), and was acknowledged without running the handler. */
  duplicate: AboutDelivery
  /**
   * Duplicates are detected only in the memory of this process, because `connect` was called without a store. Emitted
   * once.
   */
  idempotencyInMemory: { readonly subscription: string }
  /** A message lacks the key that `idempotencyKey` points to, so duplicates of it are not detected. */
  keyMissing: AboutDelivery
  /**
   * The idempotency store failed. Before the handler: the message is held, and the lease is requested again. After
   * the handler: the outcome remains, but a redelivered message may be handled again.
   */
  idempotencyFailed: AboutDelivery & { readonly error: Error }
  /** The store of offsets failed. It is asked again; until it answers, a restart handles more messages again. */
  offsetsFailed: { readonly subscription: string; readonly queue: string; readonly error: Error }
}

export type RuntimeEventName = keyof RuntimeEvents
export type RuntimeListener<N extends RuntimeEventName> = (event: RuntimeEvents[N]) => void

const EVENTS: Readonly<Record<RuntimeEventName, true>> = {
  connectionUp: true,
  connectionDown: true,
  connectionBlocked: true,
  credentialsFailed: true,
  connectionUnblocked: true,
  consumerUp: true,
  delaysMissing: true,
  consumerDown: true,
  partitionReleased: true,
  consumerStopped: true,
  retried: true,
  deadLettered: true,
  discarded: true,
  requestFailed: true,
  replyDropped: true,
  held: true,
  headersDropped: true,
  publishFailed: true,
  published: true,
  handled: true,
  duplicate: true,
  idempotencyInMemory: true,
  keyMissing: true,
  idempotencyFailed: true,
  offsetsFailed: true,
}

/** An object with events. */
export class RuntimeEventSource {
  readonly #emitter: RuntimeEmitter

  constructor(emitter: RuntimeEmitter) {
    this.#emitter = emitter
  }

  /** @throws {TypeError} when the event does not exist */
  on<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): this {
    this.#emitter.on(name, listener)
    return this
  }

  off<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): this {
    this.#emitter.off(name, listener)
    return this
  }
}

/** The events and logs of one runtime, without secrets. */
export class RuntimeEmitter {
  /** The secrets of the runtime. */
  readonly secrets: SecretRegistry
  readonly #emitter = new EventEmitter()

  constructor(secrets = new SecretRegistry()) {
    this.secrets = secrets
  }

  /** Throws a `TypeError` for an unknown event, because its listener would never be called. */
  on<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): void {
    if (!Object.hasOwn(EVENTS, name)) {
      throw withCode(
        'INVALID_OPTION',
        new TypeError(`there is no event "${name}"; the events are: ${Object.keys(EVENTS).join(', ')}`),
      )
    }
    this.#emitter.on(name, listener)
  }

  off<N extends RuntimeEventName>(name: N, listener: RuntimeListener<N>): void {
    this.#emitter.off(name, listener)
  }

  /** Whether an event has a listener. Without one, its properties need not be computed. */
  hears(name: RuntimeEventName): boolean {
    return this.#emitter.listenerCount(name) > 0
  }

  /**
   * Calls the listeners. An error of a listener must not disturb the state of a connection or a delivery, so it is
   * thrown from a separate task, as an uncaught exception.
   */
  emit<N extends RuntimeEventName>(name: N, event: RuntimeEvents[N]): void {
    try {
      this.#emitter.emit(name, masked(event, this.secrets))
    } catch (error) {
      setImmediate(() => {
        throw error
      })
    }
  }
}

/** Masks the texts in an event that come from the broker, the network, a handler or a store. */
function masked<E extends object>(event: E, secrets: SecretRegistry): E {
  if (!('error' in event || 'because' in event || 'reason' in event)) return event
  const entries = Object.entries(event).map(([name, value]) => [
    name,
    name === 'error' || name === 'because' || name === 'reason' ? maskThrown(value, secrets) : value,
  ])
  return Object.fromEntries(entries) as E
}
