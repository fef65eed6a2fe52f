import type { ConsumeMessage } from 'amqplib'
import { randomBytes } from 'node:crypto'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { EVENT_EXCHANGE, eventQueueName } from '../../model/generated-names.ts'
import { amqpError, AmqpError } from './connections/amqp-error.ts'
import type { AmqpTarget } from './connections/amqp-target.ts'
import { openChannel } from './connections/channels.ts'
import type { OpenConnection } from './connections/open-connection.ts'
import { openTarget } from './connections/open-target.ts'

/** An event of the plugin `rabbitmq_event_exchange`. */
export interface ReceivedEvent {
  /** Its routing key, such as `queue.deleted`. */
  readonly key: string
  readonly headers: Readonly<Record<string, unknown>>
  /** When it happened by the broker's clock, in milliseconds since 1970. */
  readonly at: number
}

/** Receives events until it is closed, or until the connection is lost. */
export interface EventListener {
  /** Aborted when events may be missed from now on. */
  readonly lost: AbortSignal
  readonly close: () => Promise<void>
}

interface ListenOptions {
  /** The vhost that contains the exchange of the plugin. */
  readonly vhost: string
  /** Patterns of the routing keys. */
  readonly keys: readonly string[]
  /** Ends the attempt to connect. */
  readonly signal: AbortSignal
}

/** How long closing may take, in milliseconds. */
const CLOSE_DEADLINE = 2_000

/** The maximum number of events that wait for this process. The broker drops the oldest of more. */
const MOST_WAITING = 10_000

/**
 * Receives the events of a broker, in an exclusive queue that the broker deletes with the connection. Each is received
 * at most once, and none while the listener is not connected.
 *
 * @returns the reason, as a sentence without a full stop, if the events cannot be received
 */
export async function listenToEvents(
  target: AmqpTarget,
  { vhost, keys, signal }: ListenOptions,
  onEvent: (event: ReceivedEvent) => void,
): Promise<EventListener | { readonly refused: string }> {
  let connection: OpenConnection
  try {
    connection = await openTarget(target, vhost, 'warren (events)', signal)
  } catch (error) {
    if (error instanceof WarrenError) return { refused: error.message }
    throw error
  }
  const lost = new AbortController()
  connection.gone.addEventListener('abort', () => lost.abort(connection.gone.reason), { once: true })
  const receive = (message: ConsumeMessage | null): void => {
    if (message === null) lost.abort(new Error('the queue of events was deleted'))
    else onEvent(eventOf(message))
  }
  try {
    const queue = eventQueueName(randomBytes(8).toString('hex'))
    const channel = await openChannel(connection.model)
    await channel.checkExchange(EVENT_EXCHANGE)
    await channel.assertQueue(queue, {
      exclusive: true,
      durable: false,
      arguments: { 'x-queue-type': 'classic', 'x-max-length': MOST_WAITING },
    })
    for (const key of keys) await channel.bindQueue(queue, EVENT_EXCHANGE, key)
    await channel.consume(queue, receive, { noAck: true })
    channel.once('close', () => lost.abort(new Error('the channel of events was closed')))
    return { lost: lost.signal, close: () => connection.close(CLOSE_DEADLINE) }
  } catch (thrown) {
    await connection.close(CLOSE_DEADLINE)
    const error = amqpError(thrown, 'receiving events')
    if (!(error instanceof AmqpError)) throw error
    return { refused: refusal(error, vhost) }
  }
}

function refusal(error: AmqpError, vhost: string): string {
  const where = `vhost ${JSON.stringify(vhost)}`
  if (error.isNotFound()) {
    return `${where} has no exchange ${EVENT_EXCHANGE}: enable it with: rabbitmq-plugins enable rabbitmq_event_exchange`
  }
  if (error.isRefused()) {
    return `the login needs the permissions to read ${EVENT_EXCHANGE} and to use queues ${eventQueueName('*')} in ${where}: ${error.reason}`
  }
  return error.reason
}

function eventOf({ fields, properties }: ConsumeMessage): ReceivedEvent {
  const headers = (properties.headers ?? {}) as Readonly<Record<string, unknown>>
  const { timestamp_in_ms: milliseconds } = headers
  const seconds: unknown = properties.timestamp
  const at =
    typeof milliseconds === 'number' ? milliseconds : typeof seconds === 'number' ? seconds * 1_000 : Date.now()
  return { key: fields.routingKey, headers, at }
}
