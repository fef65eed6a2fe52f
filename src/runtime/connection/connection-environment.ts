import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { ConnectError } from './connect-error.ts'
import { statSync } from 'node:fs'
import util from 'node:util'
import { mixedSources } from '../../diagnostics/mixed-sources.ts'

/** The settings of TLS. The texts are PEM, as in Node.js; a client certificate consists of `cert` and `key`. */
export interface TlsOptions {
  readonly ca?: string | Buffer | (string | Buffer)[]
  readonly cert?: string | Buffer
  readonly key?: string | Buffer
  readonly passphrase?: string
  /** The name that the broker's certificate must have. Default: the host of the URL. */
  readonly servername?: string
  /** Default true. False trusts any server: for tests only. */
  readonly rejectUnauthorized?: boolean
}

/**
 * Reads the file that a variable names, without the line break at its end. The error does not repeat the path,
 * because the variable may contain a password or a key by mistake.
 */
export function readSecretFile(variable: string, path: string): string {
  try {
    return readRegularFileSync(path, 'value')
      .toString('utf8')
      .replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConnectError(`the file of ${variable} cannot be read: ${describeFileError(error)}`, {
      code: 'INVALID_CONNECTION',
      hint: 'give the path of a file, not its content, and check the rights of this user',
    })
  }
}

/**
 * Reads the settings of TLS from the environment: `RABBITMQ_CA_FILE`, and for a client certificate
 * `RABBITMQ_CERT_FILE` and `RABBITMQ_KEY_FILE` (with `RABBITMQ_KEY_PASSPHRASE`), all PEM; `RABBITMQ_SERVER_NAME`. The
 * files are read for each connection, because certificates may be renewed while the program runs. Returns undefined
 * if none of the variables is set.
 */
export function tlsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): TlsOptions | undefined {
  const file = (name: string): string | undefined => {
    const path = environment[name]
    return path ? readSecretFile(name, path) : undefined
  }
  const ca = file('RABBITMQ_CA_FILE')
  const cert = file('RABBITMQ_CERT_FILE')
  const key = file('RABBITMQ_KEY_FILE')
  const passphrase = environment['RABBITMQ_KEY_PASSPHRASE']
  const servername = environment['RABBITMQ_SERVER_NAME']
  const options: TlsOptions = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase && { passphrase }),
    ...(servername && { servername }),
  }
  return Object.keys(options).length > 0 ? options : undefined
}

type Environment = Readonly<Record<string, string | undefined>>

const URLS = ['WARREN_AMQP_URL', 'AMQP_URL']
const ADDRESS = ['RABBITMQ_HOST', 'RABBITMQ_PORT']
const LOGIN = ['RABBITMQ_USER', 'RABBITMQ_PASSWORD', 'RABBITMQ_PASSWORD_FILE']

/**
 * Merges the variables of the process with a `.env` file in the current folder, like the command line. The process
 * takes precedence. Only variables for the connection are read from the file.
 *
 * @throws {ConnectError} `INVALID_CONNECTION` when the file names the broker and the process the login, or the
 *   reverse
 */
export function connectionEnvironment(environment: Environment): Environment {
  const isSet = (name: string): boolean => Boolean(environment[name])
  const isBrokerNamed = [...URLS, 'RABBITMQ_HOST'].some(isSet)
  // The file describes another broker, so its values do not apply.
  const fromFile = Object.entries(util.parseEnv(readDotEnv())).filter(
    ([name]) => !(isBrokerNamed && [...URLS, ...ADDRESS].includes(name)),
  )
  const merged: Environment = { ...Object.fromEntries(fromFile), ...environment }
  // A URL contains its login, or implies the default one.
  if (URLS.some((name) => merged[name])) return merged
  const used = [...ADDRESS, ...LOGIN].filter((name) => merged[name])
  const mixed = mixedSources(used.map((name) => ({ name, isFromFile: !isSet(name) })))
  if (mixed) throw new ConnectError(mixed.message, { code: 'INVALID_CONNECTION', hint: mixed.hint })
  return merged
}

function readDotEnv(): string {
  try {
    // A folder of this name is a virtual environment of Python.
    const isFile = statSync('.env', { throwIfNoEntry: false })?.isFile() === true
    return isFile ? readRegularFileSync('.env', 'value').toString('utf8') : ''
  } catch (error) {
    throw new ConnectError('the file .env cannot be read', {
      code: 'INVALID_CONNECTION',
      hint: 'let this user read it, or give connect() the url',
      cause: error,
    })
  }
}
