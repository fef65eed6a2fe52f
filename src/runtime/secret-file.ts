import { readFileSync } from 'node:fs'
import { ExitCode } from '../diagnostics/exit-code.ts'
import { ConnectError } from './connect-error.ts'

/** Reads the file that a variable names, without the line break at its end. */
export function readSecretFile(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConnectError(`${variable} names a file that cannot be read: ${path}`, {
      exitCode: ExitCode.invalidInput,
      hint: 'check the path and the rights of this user',
      cause: error,
    })
  }
}
