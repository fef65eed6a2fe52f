import type { ConsumeMessage } from 'amqplib'
import { UnreadableHeader } from '../../broker/amqp/connections/deep-headers.ts'
import {
  countHeader,
  errorHeader,
  nameHeader,
  ownHeaders,
  reasonHeader,
  timeHeader,
  WarrenHeader,
} from '../../broker/amqp/messages/warren-headers.ts'
import type { DeadLetterQueue } from './dead-letter-queues.ts'

/** A dead letter, as far as its headers describe it. */
export interface DeadLetter {
  readonly messageId?: string
  readonly correlationId?: string
  readonly type?: string
  readonly contentType?: string
  /** The compression of its body, as its publisher declared it. */
  readonly contentEncoding?: string
  /** The queue that it failed in; absent when it is unknown, or not a queue that the dead-letter queue serves. */
  readonly queue?: string
  /**
   * Why it failed: `error`, `invalid`, `timeout`, `poison` by the runtime; `rejected`, `expired`, `maxlen`,
   * `delivery_limit` by the broker; `unknown` when neither says so.
   */
  readonly reason: string
  /** The text of the last error. */
  readonly error?: string
  /** How many retries there were. */
  readonly retries: number
  /** The exchange and routing key that it was first published with. */
  readonly exchange?: string
  readonly routingKey?: string
  /** When its first attempt failed, by the clock of the worker; in ISO 8601, as all times here. */
  readonly firstFailed?: string
  /** When the broker dead-lettered it, in whole seconds. */
  readonly died?: string
  /** When it was published, by its publisher's clock. */
  readonly published?: string
  /** The size of the body, as it is stored. */
  readonly bytes: number
  /** The headers that its publisher set. */
  readonly headers: Readonly<Record<string, unknown>>
}

/** How many entries of `x-death` are read. */
const MOST_DEATHS = 100
const LONGEST_NAME = 255

/** An entry of `x-death` (RabbitMQ docs, Dead Letter Exchanges): the newest comes first. */
interface Death {
  readonly queue?: string
  readonly reason?: string
  readonly time?: string
  readonly exchange?: string
  readonly routingKey?: string
}

/**
 * Reads a dead letter. The copies that the runtime makes carry no `x-death`. A message with `x-death` was dead-lettered by
 * the broker, and the reason on an earlier copy is out of date.
 */
export function readDeadLetter({ properties, fields, content }: ConsumeMessage, from: DeadLetterQueue): DeadLetter {
  const headers = properties.headers ?? {}
  const deaths = deathsOf(headers['x-death'])
  const [latest] = deaths
  const first = deaths.at(-1)
  const queue = queueOf(from, fields, latest)
  return withoutUndefined<DeadLetter>({
    messageId: textOf(properties.messageId),
    correlationId: textOf(properties.correlationId),
    type: textOf(properties.type),
    contentType: textOf(properties.contentType),
    contentEncoding: textOf(properties.contentEncoding),
    queue,
    reason: latest?.reason ?? reasonHeader(headers) ?? 'unknown',
    error: latest === undefined ? errorHeader(headers) : undefined,
    retries: countHeader(headers, WarrenHeader.attempt),
    exchange: nameHeader(headers, WarrenHeader.exchange) ?? first?.exchange,
    routingKey: nameHeader(headers, WarrenHeader.routingKey) ?? first?.routingKey,
    firstFailed: timeHeader(headers, WarrenHeader.firstFailed),
    died: latest?.time,
    published: timeOf(properties.timestamp),
    bytes: content.length,
    headers: plainTable(ownHeaders(headers)),
  })
}

/** When a dead letter failed, in milliseconds: when the broker dead-lettered it, else its first failure. */
export function failedAt({ died, firstFailed }: DeadLetter): number | undefined {
  const time = died ?? firstFailed
  return time === undefined ? undefined : Date.parse(time)
}

/**
 * The queue that a message failed in: each queue has its own exchange and routing key to the dead-letter queue. A
 * message that a migration moved came through the default exchange, and belongs to the queue if there is only one.
 */
function queueOf(
  { name, routes }: DeadLetterQueue,
  { exchange, routingKey }: ConsumeMessage['fields'],
  latest: Death | undefined,
): string | undefined {
  const byRoute = routes.filter((each) => each.exchange === exchange && each.routingKey === routingKey)
  if (byRoute.length === 1) return byRoute[0]?.queue
  const candidates = byRoute.length > 0 ? byRoute : routes
  if (latest?.queue !== undefined) return candidates.find(({ queue }) => queue === latest.queue)?.queue
  const isMoved = exchange === '' && routingKey === name
  return isMoved && routes.length === 1 ? routes[0]?.queue : undefined
}

function deathsOf(value: unknown): Death[] {
  if (!Array.isArray(value)) return []
  // The broker writes one entry for each queue and reason; a publisher may have written thousands.
  const entries = value.length > MOST_DEATHS ? [...value.slice(0, MOST_DEATHS - 1), value.at(-1)] : value
  return entries.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return []
    const { queue, reason, time, exchange, 'routing-keys': keys } = entry as Record<string, unknown>
    return [
      withoutUndefined<Death>({
        queue: nameOf(queue),
        reason: nameOf(reason),
        time: timeOf(time),
        exchange: nameOf(exchange),
        routingKey: Array.isArray(keys) ? nameOf(keys[0]) : undefined,
      }),
    ]
  })
}

/** A name of the broker has at most 255 bytes. */
function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LONGEST_NAME ? value : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A time as ISO 8601: a string, seconds since 1970, or what amqplib makes of a timestamp in a table. */
function timeOf(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && '!' in value && 'value' in value) {
    return typeof value.value === 'object' ? undefined : timeOf(value.value)
  }
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const time = new Date(typeof value === 'number' ? value * 1_000 : value)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

/** Header values as JSON, sorted by name: the broker keeps no order. */
function plainTable(table: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const plain: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(table).toSorted()) plain[name] = plainValue(table[name], depth + 1)
  return plain
}

/** How deeply nested tables are shown: printing them is recursive. */
const DEEPEST_SHOWN = 100

function plainValue(value: unknown, depth: number): unknown {
  if (value instanceof UnreadableHeader || depth > DEEPEST_SHOWN) return '(nested too deep)'
  if (Buffer.isBuffer(value)) return { base64: value.toString('base64') }
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map((each) => plainValue(each, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  if ('!' in value && 'value' in value) {
    return value['!'] === 'timestamp' ? (timeOf(value.value) ?? null) : plainValue(value.value, depth + 1)
  }
  return plainTable(value as Record<string, unknown>, depth)
}

type Loose<T> = { [K in keyof T]: T[K] | undefined }

function withoutUndefined<T extends object>(value: Loose<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T
}
