import { errorText } from '../../../diagnostics/thrown.ts'

/**
 * The headers by which the copy of a failed message says what happened to it, so that workers in
 * any language can take part. They are part of the topology format.
 */
export const WarrenHeader = {
  /** Retries so far: absent or 0 on the first delivery. */
  attempt: 'x-warren-attempt',
  /** Why the last try failed: see `FailureReason`. */
  reason: 'x-warren-reason',
  /** The text of the last error, cut to `LONGEST_ERROR` bytes. */
  error: 'x-warren-error',
  /** When the first try failed, as an ISO 8601 time. Kept by later copies. */
  firstFailed: 'x-warren-first-failed',
  /** The exchange that the message was first published to. Kept by later copies. */
  exchange: 'x-warren-exchange',
  /** The routing key that it was first published with. Kept by later copies. */
  routingKey: 'x-warren-routing-key',
  /** The names of headers and properties that the copy could not carry, cut to `LONGEST_ERROR` bytes. Kept by later copies. */
  dropped: 'x-warren-dropped',
} as const

/** The reference of a payload that is kept elsewhere. Without warren's prefix, since copies and replays have to keep it. */
export const PAYLOAD_HEADER = 'x-claim-check'

/** By this header a returned message finds its publish; it means nothing to consumers. */
export const SEQUENCE_HEADER = 'x-warren-sequence'

/** All headers that begin so are warren's own. */
export const WARREN_PREFIX = 'x-warren-'

/** Why a try at a message failed: the handler threw, the message is unreadable, it took too long, it keeps killing workers. */
export type FailureReason = (typeof REASONS)[number]

const REASONS = ['error', 'invalid', 'timeout', 'poison'] as const

/** In bytes. All headers of a message have to fit into one frame of the protocol, which may be as small as 4 KiB. */
export const LONGEST_ERROR = 1_000

/** The protocol's limit for names and routing keys; in characters, since bytes that are no UTF-8 get longer by being read. */
const LONGEST_NAME = 255
/** No time in ISO 8601 is longer, in characters. */
const LONGEST_TIME = 40

/** Headers of a delivery: the broker sets them, or routes by them. */
const OF_DELIVERY = new Set(['CC', 'BCC', 'x-death', 'x-delivery-count', 'x-acquired-count', 'x-stream-offset'])

export type Headers = Readonly<Record<string, unknown>>

/** The headers that the publishing program itself set. */
export function ownHeaders(headers: Headers | undefined): Record<string, unknown> {
  const own: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!isReserved(name)) own[name] = value
  }
  return own
}

/**
 * Whether a header belongs to a delivery and not to the message. The broker would route or count a copy with such a
 * header wrongly; a copy with `x-death` is lost on its way through a delay queue of RabbitMQ 3.10.
 */
export function belongsToDelivery(name: string): boolean {
  return OF_DELIVERY.has(name) || name.startsWith('x-first-death-') || name.startsWith('x-last-death-')
}

/** Whether a program may not set this header itself. */
export function isReserved(name: string): boolean {
  return name.startsWith(WARREN_PREFIX) || belongsToDelivery(name)
}

/** The largest count that a header is believed to say. */
const LARGEST_COUNT = 1_000_000

/** A header that counts something; anything but a whole number from 0 to a million is 0. Publishers can set any header. */
export function countHeader(headers: Headers | undefined, name: string): number {
  const value = ownValue(headers, name)
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_COUNT ? value : 0
}

/** The text of a header, unless it is longer than so many characters. */
export function textHeader(headers: Headers | undefined, name: string, longest: number): string | undefined {
  const value = ownValue(headers, name)
  return typeof value === 'string' && value.length <= longest ? value : undefined
}

/** The name of an exchange, or a routing key: the protocol allows 255 bytes. */
export function nameHeader(headers: Headers | undefined, name: string): string | undefined {
  return textHeader(headers, name, LONGEST_NAME)
}

/** A time as ISO 8601, as `toISOString()` writes it. */
export function timeHeader(headers: Headers | undefined, name: string): string | undefined {
  const text = textHeader(headers, name, LONGEST_TIME)
  const time = text === undefined ? undefined : new Date(text)
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined
}

/** Why the last attempt failed, if it is one of the reasons that there are. */
export function reasonHeader(headers: Headers | undefined): FailureReason | undefined {
  const text = textHeader(headers, WarrenHeader.reason, LONGEST_NAME)
  return REASONS.find((reason) => reason === text)
}

/** The text of the last error, cut to what a header may hold. */
export function errorHeader(headers: Headers | undefined): string | undefined {
  const value = ownValue(headers, WarrenHeader.error)
  return typeof value === 'string' ? cutToHeader(value) : undefined
}

/** The text of whatever a handler threw, cut to what a header may hold. */
export function failureText(thrown: unknown): string {
  return cutToHeader(errorText(thrown))
}

/** Cuts a text to what a header may hold, between two characters. */
export function cutToHeader(text: string): string {
  // No character has less than a byte; so a text of any length takes as long as a short one.
  const bytes = Buffer.from(text.slice(0, LONGEST_ERROR + 1), 'utf8')
  if (bytes.length <= LONGEST_ERROR) return bytes.toString('utf8')
  return `${bytes
    .subarray(0, LONGEST_ERROR - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`
}

/** A header named `__proto__` is the prototype of what amqplib reads: nothing may come from there. */
function ownValue(headers: Headers | undefined, name: string): unknown {
  return headers !== undefined && Object.hasOwn(headers, name) ? headers[name] : undefined
}
