import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { ExitCode } from '../diagnostics/exit-code.ts'
import { ConnectError } from './connect-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables of the process, with those of a `.env` file in the current folder, as the command line has them; the
 * process wins. For where the broker is and how to log in to it: nothing else of the program is read from a file.
 */
export function connectionEnvironment(environment: Environment): Environment {
  return { ...parseEnv(readDotEnv()), ...environment }
}

function readDotEnv(): string {
  try {
    return readFileSync('.env', 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'EISDIR') return ''
    throw new ConnectError('the file .env cannot be read', {
      exitCode: ExitCode.invalidInput,
      hint: 'let this user read it, or give connect() the url',
      cause: error,
    })
  }
}
