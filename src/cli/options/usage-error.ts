import { ExitCode } from '../../diagnostics/exit-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The command line itself is not usable. */
export function usageError(message: string, hint: string): WarrenError {
  return new WarrenError(message, { exitCode: ExitCode.invalidInput, hint })
}
