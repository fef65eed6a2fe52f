import {
  bytesOfHeaders,
  copyableHeaders,
  copyableProperties,
  LARGEST_HEADERS,
  roomForHeaders,
} from '../../broker/amqp/messages/copyable-headers.ts'
import { describingProperties } from '../../broker/amqp/messages/copied-properties.ts'
import type { Failure } from './failure.ts'
import type { Delivery } from '../consume/delivery.ts'
import type { OutgoingMessage } from '../publish/outgoing-message.ts'
import {
  cutToHeader,
  failureText,
  ownHeaders,
  SEQUENCE_HEADER,
  textHeader,
  LONGEST_ERROR,
  timeHeader,
  WarrenHeader,
} from '../../broker/amqp/messages/warren-headers.ts'
import { asError } from '../../diagnostics/thrown.ts'
import { growingPause, HOLD } from '../connection/backoff.ts'
import { aboutDelivery, aboutFailure } from './failure.ts'
import { pause } from '../pause.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { Publisher } from '../publish/publisher.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'

/** The destination of a copy, and how much it may contain. */
export interface CopyTarget {
  readonly subscription: string
  readonly routingKey: string
  readonly retries: number
  /** The largest frame of the connection in bytes: all headers have to fit into one. */
  readonly frameMax: number
  /** False if a copy with the message's own headers and properties was refused. */
  readonly withOthers: boolean
}

/** The copy of a failed message, and the names of the headers and properties that it does not contain. */
export interface FailureCopy {
  readonly copy: OutgoingMessage
  readonly dropped: readonly string[]
}

/**
 * Builds the copy of a failed message for a delay queue or the dead-letter queue.
 *
 * Only a fixed list of properties is copied: the broker checks `userId` against this login, `expiration` would let
 * the copy expire on the way, `CC` and `BCC` would send it to other queues again, and RabbitMQ 3.x drops a copy with
 * `x-death` as a cycle.
 *
 * A publisher can set properties that do not fit into the copy, for example headers that are too large for amqplib.
 * The copy then lacks the largest of them, and lists their names.
 */
export function failureCopy(delivery: Delivery, failure: Failure, to: CopyTarget): FailureCopy {
  const { properties, content } = delivery.message
  const listed = describingProperties(properties)
  const carried = to.withOthers
    ? copyableProperties(listed)
    : {
        properties: {},
        dropped: Object.keys(listed),
      }
  const own = copyHeaders(delivery, failure, to)
  const room =
    roomForHeaders(carried.properties, to.frameMax) - (bytesOfHeaders(own) ?? LARGEST_HEADERS) - ADDED_WHEN_SENT
  const others = ownHeaders(properties.headers)
  const { headers, dropped: droppedHeaders } = to.withOthers
    ? copyableHeaders(others, room)
    : { headers: {}, dropped: Object.keys(others) }
  const dropped = [...carried.dropped, ...droppedHeaders]
  const copy: OutgoingMessage = {
    route: to.subscription,
    label: `the copy of a failed message of subscription "${to.subscription}"`,
    messageId: delivery.messageId ?? '',
    routingKey: to.routingKey,
    content,
    // The copy has the id of the message, so two messages with this id may be in flight.
    isOnlyWithId: false,
    properties: {
      mandatory: true,
      persistent: true,
      ...carried.properties,
      headers: {
        ...headers,
        ...own,
        ...(dropped.length > 0 && { [WarrenHeader.dropped]: cutToHeader(dropped.join(', ')) }),
      },
    },
  }
  return { copy, dropped }
}

/** The names of dropped headers, and the sequence number that identifies a returned copy; in bytes. */
const ADDED_WHEN_SENT = 2 * 64 + LONGEST_ERROR + SEQUENCE_HEADER.length

function copyHeaders(delivery: Delivery, failure: Failure, { retries }: CopyTarget): Record<string, unknown> {
  const { headers } = delivery.message.properties
  const dropped = textHeader(headers, WarrenHeader.dropped, LONGEST_ERROR)
  return {
    [WarrenHeader.attempt]: retries,
    [WarrenHeader.reason]: failure.reason,
    [WarrenHeader.error]: failureText(failure.error),
    [WarrenHeader.firstFailed]:
      timeHeader(headers, WarrenHeader.firstFailed) ?? new Date(delivery.session.clock.time()).toISOString(),
    [WarrenHeader.exchange]: delivery.exchange,
    [WarrenHeader.routingKey]: delivery.routingKey,
    ...(dropped !== undefined && { [WarrenHeader.dropped]: dropped }),
  }
}

/** How long one attempt to publish a copy may take, in milliseconds. */
const COPY_TIMEOUT = 30_000

/** Publishes the copies of failed messages. */
export type CopyPublisher = Pick<Publisher, 'publish' | 'frameMax'>

/** The next queue of a failed message. */
export interface Step {
  readonly exchange: string
  readonly routingKey: string
  /** Undefined for the last step: the dead-letter queue. */
  readonly delay: number | undefined
}

/**
 * Moves failed messages to their next queue.
 *
 * The order keeps the message safe: first the broker confirms a copy that it could route, then the delivery is acknowledged.
 * While the broker does not accept the copy, the delivery is held and the copy published again. If the process dies in
 * between, the broker redelivers the message.
 */
export class FailureCopies {
  readonly #subscription: string
  readonly #hasDeadLetters: boolean
  readonly #publisher: CopyPublisher
  readonly #events: RuntimeEmitter

  /** @param hasDeadLetters whether the broker dead-letters rejected messages of the queue */
  constructor(subscription: string, hasDeadLetters: boolean, publisher: CopyPublisher, events: RuntimeEmitter) {
    this.#subscription = subscription
    this.#hasDeadLetters = hasDeadLetters
    this.#publisher = publisher
    this.#events = events
  }

  /** Publishes the copy to the first step whose queue is bound. */
  async move(delivery: Delivery, failure: Failure, steps: readonly Step[]): Promise<void> {
    let withOthers = true
    for (let tries = 0; delivery.session.isLive; tries++) {
      let because: unknown
      for (const step of steps) {
        because = await this.#copy(delivery, failure, step, withOthers)
        if (because === undefined) return
        // Only an unroutable copy may go to another step; a refused or uncertain copy is published again unchanged.
        if (!(because instanceof PublishError) || because.outcome !== 'unroutable') break
      }
      if (!delivery.session.isLive) return
      if (because instanceof PublishError && (because.outcome === 'tooLarge' || because.outcome === 'invalid')) {
        // The publisher's headers cannot be copied. Tries without them. If that fails too, the broker dead-letters
        // the message.
        if (!withOthers) return this.#settleWithoutCopy(delivery, failure)
        withOthers = false
      }
      this.#events.emit('held', {
        ...aboutFailure(this.#subscription, delivery, failure),
        because: asError(because),
      })
      await pause(growingPause(HOLD, tries), delivery.session.over, true, delivery.session.clock)
    }
  }

  /** Resolves with the error, or undefined on success. */
  async #copy(delivery: Delivery, failure: Failure, step: Step, withOthers: boolean): Promise<unknown> {
    const { copy, dropped } = failureCopy(delivery, failure, {
      subscription: this.#subscription,
      routingKey: step.routingKey,
      retries: delivery.retries + (step.delay === undefined ? 0 : 1),
      frameMax: this.#publisher.frameMax,
      withOthers,
    })
    try {
      await this.#publisher.publish(step.exchange, copy, { timeout: COPY_TIMEOUT, signal: delivery.session.over })
      this.#moved(delivery, failure, step, dropped)
      return undefined
    } catch (error) {
      return error
    }
  }

  #settleWithoutCopy(delivery: Delivery, failure: Failure): void {
    const about = aboutFailure(this.#subscription, delivery, failure)
    if (this.#hasDeadLetters) {
      if (delivery.deadLetter()) this.#events.emit('deadLettered', about)
    } else if (delivery.ack()) {
      this.#events.emit('discarded', about)
    }
  }

  #moved(delivery: Delivery, failure: Failure, { delay }: Step, dropped: readonly string[]): void {
    const about = aboutFailure(this.#subscription, delivery, failure)
    delivery.ack()
    if (dropped.length > 0) {
      this.#events.emit('headersDropped', { ...aboutDelivery(this.#subscription, delivery), dropped })
    }
    if (delay === undefined) this.#events.emit('deadLettered', about)
    else this.#events.emit('retried', { ...about, delay })
  }
}
