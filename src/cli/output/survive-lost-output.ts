import { ExitCode } from '../exit-code.ts'

/**
 * Lets the run go on when its output cannot be written, since an apply must not end half-way for that. A reader that
 * stops reading (`warren apply | head`) is no error; anything else, such as a full disk, takes away the exit code 0.
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
