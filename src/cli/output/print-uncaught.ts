import type { Io } from './io.ts'
import { printError } from './print-error.ts'

/**
 * Prints what Node.js would print itself, past the exit that masks secrets: errors that nobody has caught, and warnings.
 *
 * @param io how the process writes at the moment
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
