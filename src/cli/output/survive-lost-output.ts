import { ExitCode } from '../exit-code.ts'

/**
 * Continues the run when its output cannot be written, because an apply must not stop midway for that. A reader that
 * stops reading (`warren apply | head`) is not an error. Other failures, such as a full disk, change the exit code from
 * 0.
 */
export function surviveLostOutput(): void {
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
