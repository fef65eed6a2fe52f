import type { ConsumeMessage, MessageProperties } from 'amqplib'
import type { Subscription } from '../../model/routes.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { CopyPublisher } from '../../runtime/failure/failure-copies.ts'
import type { OutgoingMessage } from '../../runtime/publish/outgoing-message.ts'
import { countHeader, errorHeader, reasonHeader, WarrenHeader } from '../../broker/amqp/messages/warren-headers.ts'
import { copied } from './delivered-message.ts'
import { decodedContent } from './decoded-content.ts'
import type { RecordedDeadLetter, WaitingMessage } from './recorded.ts'

/** The default of RabbitMQ's frame limit, in bytes: all headers of a copy have to fit into one frame. */
const FRAME_MAX = 131_072

/** Messages of a test that wait for redelivery, or are in dead-letter queues. */
export class TestQueues {
  readonly deadLetters: RecordedDeadLetter[] = []
  readonly #clock: Clock
  readonly #deliver: (subscription: string, message: ConsumeMessage) => boolean
  /** By the object that redelivers them. */
  readonly #waiting = new Map<object, WaitingMessage>()
  /** Messages that are due, for subscriptions without a consumer. */
  readonly #unclaimed = new Set<() => void>()

  /** @param deliver redelivers a message; returns false if its subscription has no consumer */
  constructor(clock: Clock, deliver: (subscription: string, message: ConsumeMessage) => boolean) {
    this.#clock = clock
    this.#deliver = deliver
  }

  /** The waiting messages, the earliest first. */
  get waiting(): readonly WaitingMessage[] {
    return [...this.#waiting.values()].toSorted((a, b) => a.due.getTime() - b.due.getTime())
  }

  /** Accepts the copies of failed messages like the broker: for a delay queue, or for the dead-letter queue. */
  copiesOf(subscription: Subscription): CopyPublisher {
    return {
      frameMax: FRAME_MAX,
      publish: (exchange, copy) => {
        const { failure, name, queue } = subscription
        const step =
          failure.kind === 'ladder' && exchange === failure.exchange
            ? failure.delays.find(({ routingKey }) => routingKey === copy.routingKey)
            : undefined
        const { messageId, routingKey, content } = copy
        const properties = { ...copy.properties, messageId } as Partial<MessageProperties>
        if (step) {
          const attempt = 1 + countHeader(properties.headers, WarrenHeader.attempt)
          this.deliverLater(name, copied(content, properties, queue), attempt, step.delay)
        } else this.deadLetters.push(deadLetter(subscription, exchange, copy))
        return Promise.resolve({ messageId, exchange, routingKey })
      },
    }
  }

  /** Redelivers a message after this number of milliseconds. */
  deliverLater(subscription: string, message: ConsumeMessage, attempt: number, delay: number): void {
    const entry = {}
    const id: unknown = message.properties.messageId
    this.hold(entry, { subscription, messageId: typeof id === 'string' ? id : undefined, attempt }, delay)
    const due = (): void => {
      if (this.#deliver(subscription, message)) {
        this.leave(entry)
        this.#unclaimed.delete(due)
      } else this.#unclaimed.add(due)
    }
    this.#clock.setTimeout(due, delay)
  }

  /** Adds a message that a process holds for this many milliseconds. */
  hold(entry: object, { subscription, messageId, attempt }: Omit<WaitingMessage, 'due'>, delay: number): void {
    const due = new Date(this.#clock.time() + delay)
    this.#waiting.set(entry, { subscription, messageId, attempt, due })
  }

  leave(entry: object): void {
    this.#waiting.delete(entry)
  }

  /** Delivers due messages of a subscription when its consumer starts. */
  consumed(): void {
    for (const due of this.#unclaimed) due()
  }
}

function deadLetter({ name, message }: Subscription, exchange: string, copy: OutgoingMessage): RecordedDeadLetter {
  const { headers = {} } = copy.properties as Partial<MessageProperties>
  return {
    subscription: name,
    exchange,
    routingKey: copy.routingKey,
    body: decodedContent(copy, message?.contentType),
    messageId: copy.messageId,
    attempts: 1 + countHeader(headers, WarrenHeader.attempt),
    reason: reasonHeader(headers) ?? 'error',
    error: errorHeader(headers) ?? '',
    headers,
  }
}
