import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { withHint } from '../with-hint.ts'

/**
 * The program could not connect, because of its options, its topology, or the broker. The message ends with the hint.
 */
export class ConnectError extends WarrenError {
  override readonly name = 'ConnectError'

  constructor(message: string, options: { code: ErrorCode; hint?: string; cause?: unknown }) {
    super(withHint(message, options.hint), options)
  }
}
