import type { ErrorCode } from './error-code.ts'
import type { Finding } from './findings/finding.ts'

/** An error that the user can resolve. It says what is wrong and what to do, and is printed without a stack trace. */
export class WarrenError extends Error {
  override readonly name: string = 'WarrenError'
  /** Says what kind of error it is; stable, and explained in docs/reference/errors.md. */
  readonly code: ErrorCode
  /** What to do about it, as a phrase that follows the message. */
  readonly hint: string | undefined

  constructor(message: string, options: { code: ErrorCode; hint?: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.hint = options.hint
  }
}

/** The files are invalid. All findings are reported at once. */
export class InvalidInputError extends WarrenError {
  override readonly name = 'InvalidInputError'
  readonly findings: readonly Finding[]
  /** The texts of the files by their shown path, for code frames. */
  readonly sources: ReadonlyMap<string, string>

  constructor(findings: readonly Finding[], sources: ReadonlyMap<string, string>) {
    super(`${findings.length} finding${findings.length === 1 ? '' : 's'} in the topology files`, {
      code: 'INVALID_INPUT',
    })
    this.findings = findings
    this.sources = sources
  }
}
