import type { ConsumeMessage, Options, ConfirmChannel, Message } from 'amqplib'
import { copiedProperties, UncopyableError } from '../../broker/amqp/messages/copied-properties.ts'
import { ownHeaders, WarrenHeader } from '../../broker/amqp/messages/warren-headers.ts'
import type { MessageHeaders } from '../../broker/amqp/messages/warren-headers.ts'
import type { DeadLetter } from './dead-letter.ts'
import { closeChannel, openConfirmChannel } from '../../broker/amqp/connections/channels.ts'
import { ConfirmWatch } from '../../broker/amqp/moving/confirm-watch.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import type { ServedRoute } from './dead-letter-queues.ts'
import type { HeldLetter } from './look-through.ts'

/** The delivery mode of a message that survives a restart of the broker. */
const PERSISTENT = 2

/**
 * The properties of the copy that replays a dead letter: the publisher's headers and the original exchange and
 * routing key, without attempts, reason and error. It also leaves out everything that the runtime leaves out of its
 * copies, such as `x-death`, `CC` and `expiration`.
 */
export function replayProperties(message: ConsumeMessage, letter: DeadLetter): Options.Publish {
  const { exchange, routingKey, firstFailed } = letter
  const copied = copiedProperties(message.properties)
  return {
    ...copied,
    deliveryMode: PERSISTENT,
    mandatory: true,
    headers: {
      // Converted to a form that amqplib can write, which it cannot do with all headers as it reads them.
      ...ownHeaders(copied.headers as MessageHeaders | undefined),
      ...(exchange !== undefined && { [WarrenHeader.exchange]: exchange }),
      ...(routingKey !== undefined && { [WarrenHeader.routingKey]: routingKey }),
      ...(firstFailed !== undefined && { [WarrenHeader.firstFailed]: firstFailed }),
    },
  }
}

const NACKED = 'message nacked'

/** The outcome of a copy: confirmed, or the reason why it is not in its queue. */
export type Answer = { readonly confirmed: true } | { readonly confirmed: false; readonly reason: string }

/** Publishes copies of dead letters on the return route to the queue that failed, and reports the outcome of each. */
export class ReplayPublisher implements AsyncDisposable {
  readonly #connection: OpenConnection
  readonly #channel: ConfirmChannel
  /** Why the queue behind a return route accepts no more messages, by exchange and key. */
  readonly #closedRoutes = new Map<string, string>()
  readonly #watch: ConfirmWatch
  /** The reject functions of unconfirmed publishes. */
  readonly #unanswered = new Set<(reason: Error) => void>()
  #error: Error | undefined
  #isLost = false

  private constructor(connection: OpenConnection, channel: ConfirmChannel, onWaiting?: (text: string) => void) {
    this.#connection = connection
    this.#channel = channel
    this.#watch = new ConfirmWatch(connection, 'the queues that failed', {
      onWaiting,
      onSilent: (reason) => {
        for (const reject of this.#unanswered) reject(reason)
      },
    })
    // The broker returns a message before it confirms it, without a link to the publish. Dead letters that it confirms from
    // then on for this route stay in their queue, which may leave a copy too many and never a message too few.
    channel.on('return', ({ fields: { exchange, routingKey } }: Message) => {
      const missing = exchange === '' ? `queue ${JSON.stringify(routingKey)}` : 'the binding "back"'
      this.#closedRoutes.set(keyOf({ exchange, routingKey }), `no queue accepted it: ${missing} is missing`)
    })
    channel.on('error', (error: Error) => (this.#error ??= error))
    channel.on('close', () => (this.#isLost = true))
  }

  /** @param onWaiting called every ten seconds in which nothing is confirmed */
  static async open(connection: OpenConnection, onWaiting?: (text: string) => void): Promise<ReplayPublisher> {
    return new ReplayPublisher(connection, await openConfirmChannel(connection.model), onWaiting)
  }

  /** Why no more is published on this route; undefined while it is open. */
  closedBecause({ back }: Pick<ServedRoute, 'back'>): string | undefined {
    return this.#closedRoutes.get(keyOf(back))
  }

  /** The error that ended the channel; the connection reports it after the channel is gone. */
  get whyLost(): unknown {
    return this.#error ?? this.#connection.gone.reason ?? new Error('the channel was closed')
  }

  /** Rejects when the channel is lost or the broker does not answer: it is then unknown whether the copy has arrived. */
  publish({ message, letter }: HeldLetter, { back }: Pick<ServedRoute, 'back'>): Promise<Answer> {
    let properties: Options.Publish
    try {
      properties = replayProperties(message, letter)
    } catch (error) {
      if (error instanceof UncopyableError) return Promise.resolve({ confirmed: false, reason: error.message })
      throw error
    }
    return new Promise((resolve, reject) => {
      const answered = (error: Error | null): void => {
        this.#unanswered.delete(reject)
        this.#watch.answered()
        // Any other error is the end of the channel, whose reason is reported after this.
        if (error && error.message !== NACKED) return queueMicrotask(() => reject(this.whyLost))
        if (error) this.#closedRoutes.set(keyOf(back), 'the broker refused it: the queue is full or has failed')
        const reason = this.#closedRoutes.get(keyOf(back))
        resolve(reason === undefined ? { confirmed: true } : { confirmed: false, reason })
      }
      try {
        this.#channel.publish(back.exchange, back.routingKey, message.content, properties, answered)
        this.#unanswered.add(reject)
        this.#watch.published()
      } catch (error) {
        reject(this.#isLost ? this.whyLost : error)
      }
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]()
    await closeChannel(this.#channel)
  }
}

function keyOf({ exchange, routingKey }: ServedRoute['back']): string {
  return JSON.stringify([exchange, routingKey])
}
