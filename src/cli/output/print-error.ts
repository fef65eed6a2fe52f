import { ExitCode, exitCodeFor } from '../exit-code.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { findingsText } from '../../render/text/findings-text.ts'
import { errorText, isError } from '../../diagnostics/thrown.ts'
import type { Io } from './io.ts'

/** Prints an error and returns its exit code. Only unexpected errors show a stack trace. */
export function printError(error: unknown, io: Io): ExitCode {
  if (isError(error) && error instanceof InvalidInputError) {
    io.err(findingsText(error.findings, error.sources, io.errStyle))
    return exitCodeFor(error.code)
  }
  if (isError(error) && error instanceof WarrenError) {
    io.err(`${io.errStyle.remove('error')}  ${shownMessage(error.message)}\n`)
    if (error.hint !== undefined) io.err(`       ${shownMessage(error.hint)}\n`)
    return exitCodeFor(error.code)
  }
  io.err(`${io.errStyle.remove('error')}  unexpected error in warren; please report it\n`)
  io.err(`${stackOf(error)}\n`)
  return ExitCode.unexpected
}

function stackOf(error: unknown): string {
  try {
    if (isError(error) && typeof error.stack === 'string') return error.stack
  } catch {
    // A getter has thrown, so only the text is available.
  }
  return errorText(error)
}
