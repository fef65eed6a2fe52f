import { statSync } from 'node:fs'
import util from 'node:util'
import { ExitCode } from '../../diagnostics/exit-code.ts'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { mixedSources } from '../../diagnostics/mixed-sources.ts'
import { ConnectError } from './connect-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

const URLS = ['WARREN_AMQP_URL', 'AMQP_URL']
const ADDRESS = ['RABBITMQ_HOST', 'RABBITMQ_PORT']
const LOGIN = ['RABBITMQ_USER', 'RABBITMQ_PASSWORD', 'RABBITMQ_PASSWORD_FILE']

/**
 * The variables of the process, with those of a `.env` file in the current folder, as the command line has them; the
 * process wins. For where the broker is and how to log in to it: nothing else of the program is read from a file.
 *
 * @throws {ConnectError} with exit code 3 when the file names the broker and the process the login, or the reverse
 */
export function connectionEnvironment(environment: Environment): Environment {
  const isSet = (name: string): boolean => Boolean(environment[name])
  const isBrokerNamed = [...URLS, 'RABBITMQ_HOST'].some(isSet)
  // What the file says of another broker is of no use then.
  const fromFile = Object.entries(util.parseEnv(readDotEnv())).filter(
    ([name]) => !(isBrokerNamed && [...URLS, ...ADDRESS].includes(name)),
  )
  const merged: Environment = { ...Object.fromEntries(fromFile), ...environment }
  // A URL holds its login, or stands for the default one.
  if (URLS.some((name) => merged[name])) return merged
  const used = [...ADDRESS, ...LOGIN].filter((name) => merged[name])
  const mixed = mixedSources(used.map((name) => ({ name, isFromFile: !isSet(name) })))
  if (mixed) throw new ConnectError(mixed.message, { exitCode: ExitCode.invalidInput, hint: mixed.hint })
  return merged
}

function readDotEnv(): string {
  try {
    // A folder of this name is a virtual environment of Python.
    const isFile = statSync('.env', { throwIfNoEntry: false })?.isFile() === true
    return isFile ? readRegularFileSync('.env', 'value').toString('utf8') : ''
  } catch (error) {
    throw new ConnectError('the file .env cannot be read', {
      exitCode: ExitCode.invalidInput,
      hint: 'let this user read it, or give connect() the url',
      cause: error,
    })
  }
}
