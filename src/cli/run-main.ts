import { readEnvironment } from './options/connection/environment.ts'
import { type Io, processIo } from './output/io.ts'
import { maskingIo } from './output/masking-io.ts'
import { printError } from './output/print-error.ts'
import { runCommandLine } from './run-command-line.ts'
import { startQuickly } from './start-quickly.ts'
import { ExitCode } from './exit-code.ts'

/** Runs the command line of this process, and sets its exit code. */
export async function runMain(): Promise<void> {
  startQuickly()
  surviveLostOutput()
  const args = process.argv.slice(2)
  let io = maskingIo(processIo({ environment: process.env }), args)
  printUncaught(() => io)
  try {
    io = maskingIo(processIo(readEnvironment()), args)
    process.exitCode = await runCommandLine(args, io)
  } catch (error) {
    process.exitCode = printError(error, io)
  }
}

/**
 * Prints uncaught errors and warnings, which Node.js would otherwise print without masking.
 *
 * @param io returns the current output
 */
function printUncaught(io: () => Io): void {
  const fail = (error: unknown) => process.exit(printError(error, io()))
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  // Node.js prints them in its own listener, which does not exist with --no-warnings.
  if (process.listenerCount('warning') === 0) return
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => io().err(`${io().errStyle.warn('warning')}  ${name}: ${message}\n`))
}

/**
 * Continues the run if its output cannot be written, because that must not stop an apply midway. A reader that stops
 * reading (`warren apply | head`) is not an error. Other failures, such as a full disk, change the exit code from 0.
 */
function surviveLostOutput(): void {
  let lost: NodeJS.ErrnoException | undefined
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      lost ??= error
    })
  }
  process.once('exit', (code) => {
    if (lost === undefined || lost.code === 'EPIPE' || code !== ExitCode.done) return
    process.stderr.write(`the output could not be written: ${lost.message}\n`)
    process.exitCode = ExitCode.unexpected
  })
}
