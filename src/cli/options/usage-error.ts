import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The command line itself is not usable. */
export function usageError(message: string, hint: string): WarrenError {
  return new WarrenError(message, { code: 'INVALID_USAGE', hint })
}
