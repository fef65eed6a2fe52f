import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { withHint } from '../with-hint.ts'

/** How a publish can fail. */
export type PublishOutcome =
  /** No queue accepted the message, or the exchange does not exist. */
  | 'unroutable'
  /** The broker refused the message: a full queue with `overflow: reject-publish`, or a missing right. */
  | 'refused'
  /** The connection or channel was lost before the broker confirmed. */
  | 'unknown'
  /** The time ran out, or the signal was aborted, before the broker confirmed. */
  | 'timeout'
  /** The time ran out while the broker blocked publishers (memory or disk alarm). */
  | 'blocked'
  /**
   * The message is larger than its publication or the broker allows, or its headers are larger than the protocol
   * allows.
   */
  | 'tooLarge'
  /** The message, a parameter or an option does not match the publication. */
  | 'invalid'

const CODES: Readonly<Record<PublishOutcome, ErrorCode>> = {
  unroutable: 'PUBLISH_UNROUTABLE',
  refused: 'PUBLISH_REFUSED',
  unknown: 'PUBLISH_UNKNOWN',
  timeout: 'PUBLISH_TIMEOUT',
  blocked: 'PUBLISH_BLOCKED',
  tooLarge: 'PUBLISH_TOO_LARGE',
  invalid: 'PUBLISH_INVALID',
}

/** The broker has not confirmed a message; contains the reason. The message ends with the hint. */
export class PublishError extends Error {
  override readonly name = 'PublishError'
  /** Stable, and explained in docs/reference/errors.md; one for each outcome. */
  readonly code: ErrorCode
  readonly outcome: PublishOutcome
  /** Whether the broker may have accepted the message: publishing it again may then create a duplicate. */
  readonly maybePublished: boolean
  /** The name of the publication. */
  readonly publication: string
  readonly messageId: string | undefined
  /** What to do about it. */
  readonly hint: string | undefined

  constructor(
    message: string,
    details: {
      outcome: PublishOutcome
      publication: string
      maybePublished?: boolean
      messageId?: string | undefined
      hint?: string | undefined
      cause?: unknown
    },
  ) {
    super(withHint(message, details.hint), details.cause === undefined ? undefined : { cause: details.cause })
    this.code = CODES[details.outcome]
    this.outcome = details.outcome
    this.maybePublished = details.maybePublished ?? false
    this.publication = details.publication
    this.messageId = details.messageId
    this.hint = details.hint
  }
}

/** The hint for messages that are too large for the broker. */
export const TOO_LARGE_HINT =
  'keep large payloads in object storage, and publish a reference to them (a "claim check"): the payloads option of connect() does it'
