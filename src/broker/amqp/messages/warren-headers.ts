import { errorText } from '../../../diagnostics/thrown.ts'

/**
 * The headers on the copy of a failed message that describe its failure. They are part of the topology format, so
 * that workers written in other languages can read and write them.
 */
export const WarrenHeader = {
  /** Retries so far: absent or 0 for the first delivery. */
  attempt: 'x-warren-attempt',
  /** Why the last attempt failed: see `FailureReason`. */
  reason: 'x-warren-reason',
  /** The text of the last error, shortened to `LONGEST_ERROR` bytes. */
  error: 'x-warren-error',
  /** When the first attempt failed, as an ISO 8601 time. Later copies keep it. */
  firstFailed: 'x-warren-first-failed',
  /** The exchange of the first publish. Later copies keep it. */
  exchange: 'x-warren-exchange',
  /** The routing key of the first publish. Later copies keep it. */
  routingKey: 'x-warren-routing-key',
  /**
   * The names of headers and properties that the copy does not contain, shortened to `LONGEST_ERROR` bytes. Later
   * copies keep it.
   */
  dropped: 'x-warren-dropped',
} as const

/**
 * The reference to an offloaded payload. It does not have warren's prefix, because copies and replays have to keep
 * it.
 */
export const PAYLOAD_HEADER = 'x-claim-check'

/** Identifies the publish of a returned message; it has no meaning for consumers. */
export const SEQUENCE_HEADER = 'x-warren-sequence'

/** The prefix of warren's own headers. */
export const WARREN_PREFIX = 'x-warren-'

/** Why an attempt failed: the handler threw, the message is invalid, the handler took too long, or the message keeps crashing workers. */
export type FailureReason = 'error' | 'invalid' | 'timeout' | 'poison'

const REASONS: readonly FailureReason[] = ['error', 'invalid', 'timeout', 'poison']

/** In bytes. All headers of a message have to fit into one frame of the protocol, which may be as small as 4 KiB. */
export const LONGEST_ERROR = 1_000

/**
 * The protocol's limit for names and routing keys, in characters, because bytes that are not UTF-8 become longer when
 * they are decoded.
 */
const LONGEST_NAME = 255
/** The maximum length of a time in ISO 8601, in characters. */
const LONGEST_TIME = 40

/** Headers that belong to a delivery: the broker sets them, or routes by them. */
const OF_DELIVERY = new Set(['CC', 'BCC', 'x-death', 'x-delivery-count', 'x-acquired-count', 'x-stream-offset'])

/** The headers of a message, as they were received. */
export type MessageHeaders = Readonly<Record<string, unknown>>

/** The headers that the publisher set. */
export function ownHeaders(headers: MessageHeaders | undefined): Record<string, unknown> {
  const own: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!isReserved(name)) own[name] = value
  }
  return own
}

/**
 * Whether a header belongs to a delivery instead of the message. With such a header, the broker would route or count
 * a copy wrongly. A copy with `x-death` is lost on its way through a delay queue of RabbitMQ 3.10.
 */
export function belongsToDelivery(name: string): boolean {
  return OF_DELIVERY.has(name) || name.startsWith('x-first-death-') || name.startsWith('x-last-death-')
}

/** Whether a program must not set this header itself. */
export function isReserved(name: string): boolean {
  return name.startsWith(WARREN_PREFIX) || belongsToDelivery(name)
}

/** The largest count that is accepted from a header. */
const LARGEST_COUNT = 1_000_000

/**
 * Reads a count. Everything except an integer from 0 to a million counts as 0, because publishers can set any header.
 */
export function countHeader(headers: MessageHeaders | undefined, name: string): number {
  const value = ownValue(headers, name)
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_COUNT ? value : 0
}

/** The text of a header, unless it is longer than `longest` characters. */
export function textHeader(headers: MessageHeaders | undefined, name: string, longest: number): string | undefined {
  const value = ownValue(headers, name)
  return typeof value === 'string' && value.length <= longest ? value : undefined
}

/** The name of an exchange, or a routing key: the protocol allows 255 bytes. */
export function nameHeader(headers: MessageHeaders | undefined, name: string): string | undefined {
  return textHeader(headers, name, LONGEST_NAME)
}

/** A time in ISO 8601, in the form of `toISOString()`. */
export function timeHeader(headers: MessageHeaders | undefined, name: string): string | undefined {
  const text = textHeader(headers, name, LONGEST_TIME)
  const time = text === undefined ? undefined : new Date(text)
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined
}

/** Why the last attempt failed, if the header has a known reason. */
export function reasonHeader(headers: MessageHeaders | undefined): FailureReason | undefined {
  const text = textHeader(headers, WarrenHeader.reason, LONGEST_NAME)
  return REASONS.find((reason) => reason === text)
}

/** The text of the last error, shortened to the maximum length of a header. */
export function errorHeader(headers: MessageHeaders | undefined): string | undefined {
  const value = ownValue(headers, WarrenHeader.error)
  return typeof value === 'string' ? cutToHeader(value) : undefined
}

/** The text of a thrown value, shortened to the maximum length of a header. */
export function failureText(thrown: unknown): string {
  return cutToHeader(errorText(thrown))
}

/** Shortens a string to the maximum length of a header without splitting a character. */
export function cutToHeader(text: string): string {
  // A character has at least one byte, so the cost does not depend on the length of the text.
  const bytes = Buffer.from(text.slice(0, LONGEST_ERROR + 1), 'utf8')
  if (bytes.length <= LONGEST_ERROR) return bytes.toString('utf8')
  return `${bytes
    .subarray(0, LONGEST_ERROR - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`
}

/**
 * Reads only an own property, because a header named `__proto__` becomes the prototype of the object that amqplib
 * makes.
 */
function ownValue(headers: MessageHeaders | undefined, name: string): unknown {
  return headers !== undefined && Object.hasOwn(headers, name) ? headers[name] : undefined
}
