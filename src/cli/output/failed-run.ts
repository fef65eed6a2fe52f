import { errorCodeOf } from '../../diagnostics/error-code.ts'
import { errorMessage, isError } from '../../diagnostics/thrown.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import type { RunResult } from '../../render/result/command-result.ts'

/** The result of a run that ended with an error. */
export function failedRun(error: unknown): RunResult {
  const failure = {
    code: errorCodeOf(error),
    message: errorMessage(error),
    ...(isError(error) && error instanceof WarrenError && error.hint !== undefined && { hint: error.hint }),
  }
  const isInput = isError(error) && error instanceof InvalidInputError
  return isInput
    ? { findings: error.findings, sources: error.sources, failure }
    : { findings: [], sources: new Map(), failure }
}
