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
} as const

/** The reference of a payload that is kept elsewhere. Without warren's prefix, since copies and replays have to keep it. */
export const CLAIM_CHECK_HEADER = 'x-claim-check'

/** By this header a returned message finds its publish; it means nothing to consumers. */
export const SEQUENCE_HEADER = 'x-warren-sequence'

/** All headers that begin so are warren's own. */
export const WARREN_PREFIX = 'x-warren-'

/** Why a try at a message failed: the handler threw, the message is unreadable, it took too long, it keeps killing workers. */
export type FailureReason = 'error' | 'invalid' | 'timeout' | 'poison'

/** In bytes. All headers of a message have to fit into one frame of the protocol, which may be as small as 4 KiB. */
export const LONGEST_ERROR = 1_000

/** Headers that the broker or a routing request put there; a copy that kept them would be routed or counted wrongly. */
const NOT_THE_PROGRAMS = new Set(['CC', 'BCC', 'x-death', 'x-delivery-count', 'x-acquired-count', 'x-stream-offset'])

export type Headers = Readonly<Record<string, unknown>>

/** The headers that the publishing program itself set. */
export function ownHeaders(headers: Headers | undefined): Record<string, unknown> {
  const own: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!isReserved(name)) own[name] = value
  }
  return own
}

/** Whether a program may not set this header itself. */
export function isReserved(name: string): boolean {
  return (
    NOT_THE_PROGRAMS.has(name) ||
    name.startsWith(WARREN_PREFIX) ||
    name.startsWith('x-first-death-') ||
    name.startsWith('x-last-death-')
  )
}

/** A header that counts something; anything but a whole number from 0 on is 0. */
export function countHeader(headers: Headers | undefined, name: string): number {
  const value = headers?.[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0
}

export function textHeader(headers: Headers | undefined, name: string): string | undefined {
  const value = headers?.[name]
  return typeof value === 'string' ? value : undefined
}

/** The text of whatever a handler threw, cut to what a header may hold. */
export function errorText(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : describeThrown(thrown)
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length <= LONGEST_ERROR) return bytes.toString('utf8')
  return `${bytes
    .subarray(0, LONGEST_ERROR - 3)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}…`
}

function describeThrown(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown))
  } catch {
    return Object.prototype.toString.call(thrown)
  }
}
