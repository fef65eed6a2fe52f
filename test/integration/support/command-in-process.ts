import type { ExitCode } from '../../../src/cli/exit-code.ts'
import { runCommandLine } from '../../../src/cli/run-command-line.ts'
import { silentProcess } from '../../builders/silent-io.ts'

/** The result of a command that ran within the test. */
export interface Ended {
  readonly code: ExitCode
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a command line as the program does, without a separate process, for tests that run many.
 *
 * @param input the text on standard input
 */
export async function command(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ended> {
  const output = { stdout: '', stderr: '' }
  const io = silentProcess({
    out: (text) => void (output.stdout += text),
    err: (text) => void (output.stderr += text),
    readInput: () => Promise.resolve(Buffer.from(input)),
    environment,
  })
  return { code: await runCommandLine(args, io), ...output }
}
