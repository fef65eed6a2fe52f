import { ExitCode } from '../exit-code.ts'
import type { Io } from '../output/io.ts'

/** A signal from the user or the system to end the run. */
export interface StopSignal {
  /** Aborted by the first SIGINT or SIGTERM after `listen`. */
  readonly signal: AbortSignal
  /** Called before work that has to be finished. Before this call, a signal ends the process immediately. */
  readonly listen: () => void
  /** The exit code of the received signal, if there was one. */
  readonly exitCode: () => ExitCode | undefined
  readonly dispose: () => void
}

/**
 * Lets work in progress finish at the first signal. A second one ends the process immediately.
 *
 * @param beforeExit called when a signal ends the process immediately, with whether work may be in progress
 */
export function stopOnSignal(io: Io, beforeExit: (underWay: boolean) => Promise<void> | void): StopSignal {
  const controller = new AbortController()
  let exitCode: ExitCode | undefined
  let listening = false
  const stop = (code: ExitCode) => {
    if (exitCode !== undefined || !listening) {
      void Promise.resolve(beforeExit(listening)).finally(() => process.exit(code))
      return
    }
    exitCode = code
    io.err('\nStopping after the changes in progress. Press again to stop at once.\n')
    controller.abort()
  }
  const onInterrupt = () => stop(ExitCode.interrupted)
  const onTerminate = () => stop(ExitCode.terminated)
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return {
    signal: controller.signal,
    listen: () => {
      listening = true
    },
    exitCode: () => exitCode,
    dispose: () => {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
    },
  }
}
