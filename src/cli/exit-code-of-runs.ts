import { ExitCode } from './exit-code.ts'

/** What needs a person comes first, and what may be retried last. */
const ORDER: readonly ExitCode[] = [
  ExitCode.unexpected,
  ExitCode.invalidInput,
  ExitCode.blocked,
  ExitCode.stale,
  ExitCode.unreachable,
  ExitCode.notConfirmed,
  ExitCode.changesPending,
]

/** The one exit code of several runs that have changed nothing. */
export function exitCodeOfRuns(codes: readonly ExitCode[]): ExitCode {
  return ORDER.find((code) => codes.includes(code)) ?? ExitCode.done
}
