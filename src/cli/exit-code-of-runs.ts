import type { Report } from '../apply/report.ts'
import { ExitCode } from './exit-code.ts'

/** Codes that need a person come first, and those that may be retried come last. */
const ORDER: readonly ExitCode[] = [
  ExitCode.interrupted,
  ExitCode.terminated,
  ExitCode.partiallyApplied,
  ExitCode.unexpected,
  ExitCode.invalidInput,
  ExitCode.blocked,
  ExitCode.stale,
  ExitCode.unreachable,
  ExitCode.notConfirmed,
  ExitCode.changesPending,
]

/** The result of one of several runs of an apply. */
export interface ExecutedRun {
  /** Absent if it was skipped. */
  readonly exitCode?: ExitCode
  /** Whether it has changed anything on the broker. */
  readonly hasChanged: boolean
}

/** Whether an apply has changed anything on the broker: an object, or only its owner. */
export function hasChanged({ outcomes, ownership }: Partial<Pick<Report, 'outcomes' | 'ownership'>> = {}): boolean {
  return ownership !== undefined || outcomes?.some(({ status }) => status === 'done') === true
}

const INTERRUPTED: readonly ExitCode[] = [ExitCode.interrupted, ExitCode.terminated]

/** The common exit code of several runs that may have changed something. A skipped run did not succeed. */
export function exitCodeOfExecutedRuns(runs: readonly ExecutedRun[]): ExitCode {
  const codes = runs.flatMap(({ exitCode }) => (exitCode === undefined ? [] : [exitCode]))
  const interrupted = codes.find((code) => INTERRUPTED.includes(code))
  if (interrupted !== undefined) return interrupted
  const isPartial = runs.some((run) => run.hasChanged && runs.some(({ exitCode }) => exitCode !== ExitCode.done))
  return isPartial || codes.includes(ExitCode.partiallyApplied) ? ExitCode.partiallyApplied : exitCodeOfRuns(codes)
}

/** The common exit code of several runs that have changed nothing. */
export function exitCodeOfRuns(codes: readonly ExitCode[]): ExitCode {
  return ORDER.find((code) => codes.includes(code)) ?? ExitCode.done
}
