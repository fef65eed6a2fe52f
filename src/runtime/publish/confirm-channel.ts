import { IllegalOperationError } from 'amqplib'
import type { ConfirmChannel as AmqpConfirmChannel, Message } from 'amqplib'
import { setMaxListeners } from 'node:events'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'
import { errorMessage } from '../../diagnostics/thrown.ts'
import { inSeconds } from '../../broker/amqp/connections/answer-limit.ts'
import { closeChannel } from '../../broker/amqp/connections/channels.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import type { Deadline, Deadlines } from './deadlines.ts'
import type { Confirmed, OutgoingMessage, PublishDeadline } from './outgoing-message.ts'
import { PublishError, TOO_LARGE_HINT } from './publish-error.ts'
import type { PublishOutcome } from './publish-error.ts'
import { WaitingLine } from './waiting-line.ts'
import type { Waiting } from './waiting-line.ts'
import { SEQUENCE_HEADER } from '../../broker/amqp/messages/warren-headers.ts'

const NACKED = 'message nacked'
/** How often to check for confirms within the limit of an answer. */
const CHECKS = 3

/** A message in flight, and the caller that waits for its confirm. */
export class Outgoing implements Waiting<Outgoing> {
  ahead: Outgoing | undefined
  behind: Outgoing | undefined
  readonly message: OutgoingMessage
  /** Whether it was sent, so that the broker may have it. */
  sent = false
  /** The routing key with which the broker returned the message. */
  returned: string | undefined
  /** Identifies it when it is returned, if its id is not unique. */
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

  /** Exactly one of `resolve` and `reject` is called, followed by `settled`. */
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

  /** Limits how long the caller waits: by `deadlines`, or by the signal with `onAbort`. */
  limit(
    { timeout, signal }: PublishDeadline,
    deadlines: Deadlines<Outgoing>,
    onAbort: (of: Outgoing, cause: unknown) => void,
  ): void {
    this.#deadlines = deadlines
    this.#deadline = deadlines.begin(timeout, this)
    if (signal) {
      // One signal may end many publishes, and Node.js warns of more than ten listeners.
      setMaxListeners(0, signal)
      this.#signal = signal
      this.#onAbort = () => onAbort(this, signal.reason)
      signal.addEventListener('abort', this.#onAbort, { once: true })
    }
  }

  /** Called when its deadline has passed. */
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

/**
 * A confirm channel and the unconfirmed messages on it.
 *
 * The broker also confirms an unroutable message, after it returns the message in an event that does not name the
 * publish. The id of the message identifies the publish. If the id may not be unique, a sequence number in a header
 * does, which costs more than the rest of a publish.
 */
export class ConfirmChannel {
  onConfirm: () => void = () => undefined
  onGone: () => void = () => undefined
  readonly #exchange: string
  readonly #channel: AmqpConfirmChannel
  readonly #unconfirmed = new WaitingLine<Outgoing>()
  #bytes = 0
  #sequence = 0
  readonly #connection: Pick<OpenConnection, 'blocked' | 'answerLimit'>
  #watch: NodeJS.Timeout | undefined
  /** The number of consecutive checks without a new confirm. */
  #silentChecks = 0
  #isGivenUp = false
  #cause: unknown
  /** The number of messages without an answer when the channel was lost. */
  #lost = 0

  constructor(
    exchange: string,
    channel: AmqpConfirmChannel,
    connection: Pick<OpenConnection, 'blocked' | 'answerLimit'>,
  ) {
    this.#exchange = exchange
    this.#channel = channel
    this.#connection = connection
    channel.on('error', (error: Error) => (this.#cause = error))
    channel.on('return', (message: Message) => this.#returned(message))
    // Runs before amqplib's own listener, which fails every unconfirmed message without a reason: these failures must
    // not cause waiting messages to be sent on this channel.
    channel.prependListener('close', () => {
      clearInterval(this.#watch)
      this.#lost = this.#unconfirmed.length
      this.onGone()
    })
  }

  get unconfirmed(): number {
    return this.#unconfirmed.length
  }

  get unconfirmedBytes(): number {
    return this.#bytes
  }

  /** Sends a message. Returns false if the channel is closed. */
  send(outgoing: Outgoing): boolean {
    const { routingKey, content, properties, isOnlyWithId } = outgoing.message
    if (properties.mandatory && !isOnlyWithId) {
      outgoing.sequence = this.#sequence++
      properties.headers = { ...properties.headers, [SEQUENCE_HEADER]: outgoing.sequence }
    }
    try {
      this.#channel.publish(this.#exchange, routingKey, content, properties, (error: Error | null) =>
        this.#answered(outgoing, error),
      )
    } catch (error) {
      if (error instanceof IllegalOperationError) return false
      if (errorMessage(error).includes('byte encoding buffer')) {
        outgoing.fail('tooLarge', 'its headers are larger than 64 KiB', { cause: error })
      } else {
        outgoing.fail('invalid', `a header or property cannot be sent: ${errorMessage(error)}`, { cause: error })
      }
      return true
    }
    outgoing.sent = true
    this.#unconfirmed.join(outgoing)
    this.#bytes += content.length
    this.#watch ??= setInterval(() => this.#check(), this.#connection.answerLimit / CHECKS).unref()
    return true
  }

  async close(): Promise<void> {
    this.onGone = this.onConfirm = () => undefined
    this.#cause ??= new Error('the runtime was closed')
    clearInterval(this.#watch)
    await closeChannel(this.#channel)
  }

  #returned({ properties, fields }: Message): void {
    const sequence: unknown = properties.headers?.[SEQUENCE_HEADER]
    let outgoing = this.#unconfirmed.first
    while (outgoing) {
      const isIt =
        outgoing.sequence === undefined
          ? outgoing.message.messageId === properties.messageId
          : outgoing.sequence === sequence
      if (isIt) {
        outgoing.returned = fields.routingKey
        return
      }
      outgoing = outgoing.behind
    }
  }

  /** One timer for all messages: a timer for each would cost more than their confirms. */
  #check(): void {
    if (this.#unconfirmed.length === 0) {
      clearInterval(this.#watch)
      this.#watch = undefined
      return
    }
    if (this.#connection.blocked !== undefined) this.#silentChecks = 0
    else if (++this.#silentChecks > CHECKS) this.#giveUp()
  }

  /** Closes a channel on which the broker no longer confirms anything; another channel may work. */
  #giveUp(): void {
    const silence = inSeconds(this.#connection.answerLimit)
    this.#isGivenUp = true
    const { onGone } = this
    void this.close()
    for (let next = this.#unconfirmed.first; next; next = this.#unconfirmed.first) {
      this.#unconfirmed.leave(next)
      next.fail('unknown', `the broker has confirmed nothing for ${silence}; the channel is closed`)
    }
    onGone()
  }

  #answered(outgoing: Outgoing, error: Error | null): void {
    // Messages of a closed channel are already settled, and may still receive answers.
    if (this.#isGivenUp) return
    this.#silentChecks = 0
    this.#unconfirmed.leave(outgoing)
    this.#bytes -= outgoing.message.content.length
    if (error === null) this.#confirmed(outgoing)
    else if (error.message === NACKED) this.#refused(outgoing)
    else this.#gone(outgoing)
    this.onConfirm()
  }

  #confirmed(outgoing: Outgoing): void {
    if (outgoing.returned === undefined) return outgoing.confirm()
    const key = JSON.stringify(outgoing.returned)
    outgoing.fail('unroutable', `no queue is bound to the exchange "${this.#exchange}" for the routing key ${key}`, {
      maybePublished: false,
      hint: 'no queue received the message; compare the bindings with `warren plan`',
    })
  }

  #refused(outgoing: Outgoing): void {
    outgoing.fail('refused', 'the broker refused the message', {
      // A nack does not identify the queue that refused.
      hint: 'a queue behind the exchange is full (overflow: reject-publish) or has failed; other queues may have taken the message',
    })
  }

  #gone(outgoing: Outgoing): void {
    const code = replyCode(this.#cause)
    const reason = brokerReason(this.#cause ?? 'the connection was lost')
    // All messages of this channel go to one exchange, so if only one is unconfirmed, it certainly caused the error.
    const maybePublished = this.#lost > 1
    if (code === 404) {
      return outgoing.fail('unroutable', `the exchange "${this.#exchange}" does not exist`, { maybePublished })
    }
    if (code === 403) {
      return outgoing.fail('refused', `the broker forbids it: ${reason}`, {
        maybePublished,
        hint: 'grant the user this publication with `can: { publish: [...] }`',
      })
    }
    if (
      code === 406 &&
      reason.startsWith(`PRECONDITION_FAILED - message size ${outgoing.message.content.length} is larger`)
    ) {
      return outgoing.fail('tooLarge', `the message is larger than the broker accepts: ${reason}`, {
        maybePublished: false,
        hint: TOO_LARGE_HINT,
      })
    }
    outgoing.fail('unknown', `the channel was lost before the broker confirmed the message: ${reason}`)
  }
}
