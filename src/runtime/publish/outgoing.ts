import type { Options } from 'amqplib'
import { setMaxListeners } from 'node:events'
import type { Deadline, Deadlines } from '../handling/deadlines.ts'
import { PublishError } from './publish-error.ts'
import type { PublishOutcome } from './publish-error.ts'
import type { Waiting } from './waiting-line.ts'

/** What the broker has confirmed. */
export interface Confirmed {
  readonly messageId: string
  readonly exchange: string
  readonly routingKey: string
}

/** One message, ready for the wire. */
export interface OutgoingMessage {
  /** The publication's name, or for the copy of a failed message the subscription's. */
  readonly route: string
  /** What errors call it, such as `publication "send-email"`. */
  readonly label: string
  readonly messageId: string
  readonly routingKey: string
  readonly content: Buffer
  readonly properties: Options.Publish
  /** Whether no other message can have its id, so that a returned message is recognised by it. */
  readonly isOnlyWithId: boolean
  /** Whether its content goes to the payload store first, and a reference over the wire. */
  readonly isForStore?: boolean
}

/** How long somebody waits for a message to be confirmed. */
export interface Patience {
  /** In milliseconds. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

/** One message on its way, and the caller who waits for it. */
export class Outgoing implements Waiting<Outgoing> {
  ahead: Outgoing | undefined
  behind: Outgoing | undefined
  readonly message: OutgoingMessage
  /** Whether it stands on the wire, so that the broker may have it. */
  sent = false
  /** What the broker said when it returned the message. */
  returned: string | undefined
  /** What it is recognised by when it is returned, where its id does not do. */
  sequence: number | undefined
  readonly #exchange: string
  readonly #resolve: (confirmed: Confirmed) => void
  readonly #reject: (error: PublishError) => void
  readonly #settled: () => void
  #open = true
  #deadlines: Deadlines<Outgoing> | undefined
  #deadline: Deadline<Outgoing> | undefined
  #signal: AbortSignal | undefined
  #onAbort: (() => void) | undefined

  /** Exactly one of `resolve` and `reject` is called, and then `settled`. */
  constructor(
    exchange: string,
    message: OutgoingMessage,
    resolve: (confirmed: Confirmed) => void,
    reject: (error: PublishError) => void,
    settled: () => void,
  ) {
    this.#exchange = exchange
    this.message = message
    this.#resolve = resolve
    this.#reject = reject
    this.#settled = settled
  }

  /** Whether the caller still waits. */
  get isOpen(): boolean {
    return this.#open
  }

  /** Sees to it that the caller is told when the patience ends first: by `deadlines`, or at the signal by `onAbort`. */
  limit(
    { timeout, signal }: Patience,
    deadlines: Deadlines<Outgoing>,
    onAbort: (of: Outgoing, cause: unknown) => void,
  ): void {
    this.#deadlines = deadlines
    this.#deadline = deadlines.begin(timeout, this)
    if (signal) {
      // One signal may end many publishes; Node.js warns of more than ten listeners.
      setMaxListeners(0, signal)
      this.#signal = signal
      this.#onAbort = () => onAbort(this, signal.reason)
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
  }

  /** Its deadline has ended by itself. */
  expired(): void {
    this.#deadline = undefined
  }

  confirm(): void {
    if (!this.#settle()) return
    const { messageId, routingKey } = this.message
    this.#resolve({ messageId, exchange: this.#exchange, routingKey })
  }

  fail(
    outcome: PublishOutcome,
    what: string,
    details: { maybePublished?: boolean; hint?: string | undefined; cause?: unknown } = {},
  ): void {
    if (!this.#settle()) return
    const { route, label, messageId } = this.message
    this.#reject(
      new PublishError(`${label}: ${what}`, {
        outcome,
        publication: route,
        messageId,
        maybePublished: this.sent,
        ...details,
      }),
    )
  }

  #settle(): boolean {
    if (!this.#open) return false
    this.#open = false
    if (this.#deadline) this.#deadlines?.end(this.#deadline)
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#settled()
    return true
  }
}
