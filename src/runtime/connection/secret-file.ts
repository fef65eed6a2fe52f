import { ExitCode } from '../../diagnostics/exit-code.ts'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { ConnectError } from './connect-error.ts'

/** Reads the file that a variable names, without the line break at its end. */
export function readSecretFile(variable: string, path: string): string {
  try {
    return readRegularFileSync(path, 'value')
      .toString('utf8')
      .replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConnectError(`${variable} names a file that cannot be read: ${path}`, {
      exitCode: ExitCode.invalidInput,
      hint: 'check the path and the rights of this user',
      cause: error,
    })
  }
}
