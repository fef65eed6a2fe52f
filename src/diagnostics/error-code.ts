import { isError } from './thrown.ts'

/**
 * The stable codes of all errors that warren throws or prints. docs/reference/errors.md explains each. A code is
 * never renamed or given another meaning.
 */
export const ERROR_CODES = [
  'ACCESS_REFUSED',
  'AMBIGUOUS_OWNER',
  'AMBIGUOUS_QUEUE',
  'BLOCKED',
  'BROKER_NOT_STARTED',
  'CLOSED',
  'CONSUMER_STOPPED',
  'CONSUME_REFUSED',
  'DAMAGED_RECORD',
  'DELIVERY_LIMIT',
  'DELIVERY_LOST',
  'HANDLER_TIMEOUT',
  'IDEMPOTENCY_LOST',
  'IDEMPOTENCY_UNAVAILABLE',
  'INTERRUPTED',
  'INVALID_COMPILED_TOPOLOGY',
  'INVALID_CONNECTION',
  'INVALID_INPUT',
  'INVALID_MESSAGE',
  'INVALID_OPTION',
  'INVALID_PLAN',
  'INVALID_SCHEMA',
  'INVALID_USAGE',
  'LOCKED',
  'LOCK_LOST',
  'MIGRATION_STOPPED',
  'MISSING_OBJECT',
  'MISSING_PACKAGE',
  'MOVE_FAILED',
  'NOT_A_QUEUE',
  'NOT_CONSUMED',
  'NOT_SUPPORTED',
  'NOT_VERIFIED',
  'NO_ANSWER',
  'NO_RETURN_ROUTE',
  'OFFSETS_UNAVAILABLE',
  'OWNERSHIP_CONFLICT',
  'PARTIALLY_APPLIED',
  'PAYLOAD_UNAVAILABLE',
  'POISON_MESSAGE',
  'PUBLISH_BLOCKED',
  'PUBLISH_INVALID',
  'PUBLISH_REFUSED',
  'PUBLISH_TIMEOUT',
  'PUBLISH_TOO_LARGE',
  'PUBLISH_UNKNOWN',
  'PUBLISH_UNROUTABLE',
  'QUEUE_DELETES_ITSELF',
  'REPLY_CANCELLED',
  'REPLY_FAILED',
  'REPLY_INVALID',
  'REPLY_LOST',
  'REPLY_TIMEOUT',
  'REQUEST_FAILED',
  'STALE_PLAN',
  'TOO_MANY_MESSAGES',
  'UNEXPECTED',
  'UNKNOWN_NAME',
  'UNREACHABLE',
  'UNREADABLE_FILE',
  'WRONG_BROKER',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

const KNOWN: ReadonlySet<unknown> = new Set(ERROR_CODES)

export function isErrorCode(value: unknown): value is ErrorCode {
  return KNOWN.has(value)
}

/** The code of a thrown value; `UNEXPECTED` for an error that warren did not expect. Never throws. */
export function errorCodeOf(thrown: unknown): ErrorCode {
  try {
    const code: unknown = isError(thrown) && 'code' in thrown ? thrown.code : undefined
    return isErrorCode(code) ? code : 'UNEXPECTED'
  } catch {
    return 'UNEXPECTED'
  }
}

/** Adds a code to an error of a built-in class, such as a `RangeError`. */
export function withCode<E extends Error>(code: ErrorCode, error: E): E & { readonly code: ErrorCode } {
  return Object.assign(error, { code })
}
