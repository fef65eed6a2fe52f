import type { ErrorCode } from '../diagnostics/error-code.ts'

/** The exit codes of warren. They are the table in docs/reference/command-line.md, by name. */
export const ExitCode = {
  done: 0,
  unexpected: 1,
  changesPending: 2,
  invalidInput: 3,
  blocked: 4,
  stale: 5,
  unreachable: 6,
  partiallyApplied: 7,
  notConfirmed: 8,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The exit code of a run that ends with an error, by the code of the error. */
const EXIT_CODES: Readonly<Record<ErrorCode, ExitCode>> = {
  UNEXPECTED: ExitCode.unexpected,
  MISSING_PACKAGE: ExitCode.unexpected,

  AMBIGUOUS_OWNER: ExitCode.invalidInput,
  AMBIGUOUS_QUEUE: ExitCode.invalidInput,
  INVALID_COMPILED_TOPOLOGY: ExitCode.invalidInput,
  INVALID_CONNECTION: ExitCode.invalidInput,
  INVALID_INPUT: ExitCode.invalidInput,
  INVALID_MESSAGE: ExitCode.invalidInput,
  INVALID_OPTION: ExitCode.invalidInput,
  INVALID_PLAN: ExitCode.invalidInput,
  INVALID_SCHEMA: ExitCode.invalidInput,
  INVALID_USAGE: ExitCode.invalidInput,
  NOT_CONSUMED: ExitCode.invalidInput,
  PUBLISH_INVALID: ExitCode.invalidInput,
  PUBLISH_TOO_LARGE: ExitCode.invalidInput,
  UNKNOWN_NAME: ExitCode.invalidInput,
  UNREADABLE_FILE: ExitCode.invalidInput,

  BLOCKED: ExitCode.blocked,
  DAMAGED_RECORD: ExitCode.blocked,
  DELIVERY_LIMIT: ExitCode.blocked,
  LOCKED: ExitCode.blocked,
  LOCK_LOST: ExitCode.blocked,
  MIGRATION_STOPPED: ExitCode.blocked,
  MISSING_OBJECT: ExitCode.blocked,
  NOT_A_QUEUE: ExitCode.blocked,
  NO_RETURN_ROUTE: ExitCode.blocked,
  OWNERSHIP_CONFLICT: ExitCode.blocked,
  QUEUE_DELETES_ITSELF: ExitCode.blocked,
  TOO_MANY_MESSAGES: ExitCode.blocked,

  STALE_PLAN: ExitCode.stale,

  ACCESS_REFUSED: ExitCode.unreachable,
  BROKER_NOT_STARTED: ExitCode.unreachable,
  CLOSED: ExitCode.unreachable,
  CONSUMER_STOPPED: ExitCode.unreachable,
  CONSUME_REFUSED: ExitCode.unreachable,
  DELIVERY_LOST: ExitCode.unreachable,
  HANDLER_TIMEOUT: ExitCode.unreachable,
  IDEMPOTENCY_LOST: ExitCode.unreachable,
  IDEMPOTENCY_UNAVAILABLE: ExitCode.unreachable,
  OFFSETS_UNAVAILABLE: ExitCode.unreachable,
  MOVE_FAILED: ExitCode.unreachable,
  NOT_SUPPORTED: ExitCode.unreachable,
  NO_ANSWER: ExitCode.unreachable,
  PAYLOAD_UNAVAILABLE: ExitCode.unreachable,
  POISON_MESSAGE: ExitCode.unreachable,
  PUBLISH_BLOCKED: ExitCode.unreachable,
  PUBLISH_REFUSED: ExitCode.unreachable,
  PUBLISH_TIMEOUT: ExitCode.unreachable,
  PUBLISH_UNKNOWN: ExitCode.unreachable,
  PUBLISH_UNROUTABLE: ExitCode.unreachable,
  REPLY_CANCELLED: ExitCode.unreachable,
  REPLY_FAILED: ExitCode.unreachable,
  REPLY_INVALID: ExitCode.unreachable,
  REPLY_LOST: ExitCode.unreachable,
  REPLY_TIMEOUT: ExitCode.unreachable,
  REQUEST_FAILED: ExitCode.unreachable,
  UNREACHABLE: ExitCode.unreachable,
  WRONG_BROKER: ExitCode.unreachable,

  NOT_VERIFIED: ExitCode.partiallyApplied,
  PARTIALLY_APPLIED: ExitCode.partiallyApplied,
  INTERRUPTED: ExitCode.interrupted,
}

/** The exit code for an error code. */
export function exitCodeFor(code: ErrorCode): ExitCode {
  return EXIT_CODES[code]
}
