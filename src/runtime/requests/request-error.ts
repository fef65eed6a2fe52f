import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { withHint } from '../with-hint.ts'

/** Why a request was sent and has no valid reply. */
export type RequestErrorCode = Extract<ErrorCode, `REPLY_${string}`>

/**
 * A request has no valid reply. The responder may have done its work all the same. A request that was not sent rejects
 * with a `PublishError` instead. The message ends with the hint.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  /** Stable, and explained in docs/reference/errors.md. */
  readonly code: RequestErrorCode
  /** The name of the request. */
  readonly request: string
  /** What to do about it. */
  readonly hint: string | undefined

  constructor(code: RequestErrorCode, request: string, what: string, hint?: string, cause?: unknown) {
    super(withHint(`request "${request}": ${what}`, hint), cause === undefined ? undefined : { cause })
    this.code = code
    this.request = request
    this.hint = hint
  }
}
