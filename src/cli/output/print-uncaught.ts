import type { Io } from './io.ts'
import { printError } from './print-error.ts'

/**
 * Prints uncaught errors and warnings, which Node.js would otherwise print without masking.
 *
 * @param io returns the current output
 */
export function printUncaught(io: () => Io): void {
  const fail = (error: unknown) => process.exit(printError(error, io()))
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  // Node.js prints them by a listener of its own, which it does not have with --no-warnings.
  if (process.listenerCount('warning') === 0) return
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => io().err(`${io().errStyle.warn('warning')}  ${name}: ${message}\n`))
}
