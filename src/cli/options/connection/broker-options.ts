import { constants } from 'node:buffer'
import type { Command } from 'commander'
import type { ManagementConnection, TlsOptions } from '../../../broker/management/connection.ts'
import { withCommas } from '../../../diagnostics/text/with-commas.ts'
import { parseDuration } from '../../../model/values/duration.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import { parseSize } from '../../../model/values/size.ts'
import type { BrokerOptions } from '../../../operations/session/options.ts'
import { type ConnectionFlags, connectionSources, type EnvironmentConnection } from './connection-sources.ts'
import type { Io } from '../../output/io.ts'
import { readText } from '../read-text.ts'
import { firstGiven, usageError } from '../usage-error.ts'

/** The options of commands that connect to a broker, as commander returns them. */
export interface BrokerFlags extends ConnectionFlags {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** The same as `key`, in commands whose `--key` is a routing key. */
  readonly certKey?: string
  readonly insecureSkipVerify?: boolean
  readonly timeout?: string
  readonly maxResponse?: string
  readonly retries?: string
  readonly wait?: string
}

const DEFAULT_URL = 'http://localhost:15672'
const DEFAULT_LOGIN = 'guest'
const LONGEST_DURATION = 86_400_000
const MOST_RETRIES = 100

/**
 * Adds the options of commands that connect to a broker.
 *
 * @param keyOption the option for the key of the client certificate. Default: `--key`
 */
export function addBrokerOptions(command: Command, keyOption: '--key' | '--cert-key' = '--key'): Command {
  return command
    .option('--url <url>', `management API (WARREN_URL; default ${DEFAULT_URL}); may contain the login`)
    .option('--user <name>', 'user name (default: from the URL, RABBITMQ_USER, or guest)')
    .option(
      '--password-file <file>',
      'file that contains the password (default: from the URL, RABBITMQ_PASSWORD, or guest)',
    )
    .option('--ca <file>', 'CA certificate to trust, PEM')
    .option('--cert <file>', 'client certificate, PEM')
    .option(`${keyOption} <file>`, 'key of the client certificate, PEM')
    .option('--insecure-skip-verify', 'accept any certificate; only for tests')
    .option('--timeout <duration>', 'time limit of one request, including its whole response (default 30s)')
    .option('--max-response <size>', 'size limit of one response (default 512MB)')
    .option('--retries <count>', 'how often a request is retried after a temporary failure (default 4)')
    .option('--wait <duration>', 'wait this long for a broker that is still booting, such as 60s')
}

/**
 * Turns options and environment into the connection of a command. Options take precedence over the URL, and the URL
 * over the environment.
 *
 * @param chosen the environment that replaces variables. Default: none
 * @throws {UsageError} when a part comes from `.env` and another does not
 */
export function brokerOptions(flags: BrokerFlags, io: Io, chosen?: EnvironmentConnection): BrokerOptions {
  const given = connectionSources(flags, io, chosen)
  const url = parseUrl(given.url ?? apiOn(given.host))
  if (flags.user?.includes(':')) {
    throw usageError(
      'the name of --user contains a colon, which separates name and password in requests to the management API',
      'give the password in RABBITMQ_PASSWORD or with --password-file',
    )
  }
  const user = flags.user ?? loginPart(url.username) ?? given.user ?? DEFAULT_LOGIN
  const password = readPassword(flags, given.password, url)
  io.secrets.addLogin(user, password)
  // The rest is shown, without the login, the query and the fragment, which have no effect here.
  url.username = url.password = url.search = url.hash = ''
  // A certificate for another broker is not used for a broker that options name.
  const tls = tlsOptions(chosen === undefined || flags.url !== undefined ? flags : { ...definedIn(chosen), ...flags })
  return {
    connection: {
      url: url.href.replace(/\/+$/, ''),
      user,
      password: new Secret(password),
      ...(tls && { tls }),
      ...(flags.timeout !== undefined && { timeout: duration('--timeout', flags.timeout) }),
      ...(flags.maxResponse !== undefined && { maxResponse: responseSize(flags.maxResponse) }),
      ...(flags.retries !== undefined && { retries: count('--retries', flags.retries) }),
    } satisfies ManagementConnection,
    ...(flags.wait !== undefined && { wait: duration('--wait', flags.wait) }),
    secrets: io.secrets,
  }
}

/**
 * The first option that only a broker needs, for commands that may also run without one; undefined if none is given.
 * Settings of a connection in the environment do not count.
 */
export function firstBrokerOption(flags: BrokerFlags): string | undefined {
  return firstGiven({
    '--url': flags.url,
    '--user': flags.user,
    '--password-file': flags.passwordFile,
    '--ca': flags.ca,
    '--cert': flags.cert,
    '--cert-key': flags.certKey,
    '--key': flags.key,
    '--insecure-skip-verify': flags.insecureSkipVerify,
    '--timeout': flags.timeout,
    '--max-response': flags.maxResponse,
    '--retries': flags.retries,
    '--wait': flags.wait,
  })
}

function readPassword(flags: BrokerFlags, given: string | undefined, url: URL): string {
  if (flags.passwordFile !== undefined)
    return readText('the file of --password-file', flags.passwordFile).replace(/\r?\n$/, '')
  return loginPart(url.password) ?? given ?? DEFAULT_LOGIN
}

/** `RABBITMQ_HOST` names only the host, and `RABBITMQ_PORT` is the port of AMQP, so the API's default port is used. */
function apiOn(host: string | undefined): string {
  return host === undefined ? DEFAULT_URL : `http://${host}:15672`
}

/** The error does not contain the URL, which may include a password. */
function parseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw usageError('the URL of the management API is not a URL', `write it as ${DEFAULT_URL}, in --url or WARREN_URL`)
  }
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw usageError(
      `the URL of the management API ${isOtherProtocol(url.protocol) ? `begins with ${url.protocol}//, not` : 'does not begin with'} http:// or https://`,
      'the management API listens on port 15672 by default, or 15671 with TLS',
    )
  }
  return url
}

/** Other text before the colon may be a user or a password: `guest:password@host`. */
function isOtherProtocol(protocol: string): boolean {
  return /^(?:amqps?|wss?|ftp|file|mqtts?|stomp):$/.test(protocol)
}

function loginPart(encoded: string): string | undefined {
  if (encoded === '') return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

function definedIn({ ca, cert, key }: EnvironmentConnection): Pick<BrokerFlags, 'ca' | 'cert' | 'key'> {
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}

function tlsOptions(flags: BrokerFlags): TlsOptions | undefined {
  const { ca, cert, key, insecureSkipVerify } = flags
  if (ca === undefined && cert === undefined && key === undefined && insecureSkipVerify !== true) return undefined
  return {
    ...(ca !== undefined && { ca: readText('the file of --ca', ca) }),
    ...(cert !== undefined && { cert: readText('the file of --cert', cert) }),
    ...(key !== undefined && { key: readText('the file of --key', key) }),
    ...(insecureSkipVerify === true && { rejectUnauthorized: false }),
  }
}

/** Reads an option that is a duration, in milliseconds. */
export function duration(option: string, text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined || milliseconds < 0 || milliseconds > LONGEST_DURATION) {
    throw usageError(`${option} ${text} is not a duration of at most a day`, `write it as ${option} 30s`)
  }
  return milliseconds
}

function responseSize(text: string): number {
  const bytes = parseSize(text)
  if (bytes === undefined || bytes < 1 || bytes > constants.MAX_STRING_LENGTH) {
    throw usageError(
      `--max-response ${text} is not a size from 1 B to ${withCommas(constants.MAX_STRING_LENGTH)} B, the longest text that Node.js can hold`,
      'write it as --max-response 100MB',
    )
  }
  return bytes
}

/** Reads an option that is a whole number. */
export function count(option: string, text: string, least = 0, most = MOST_RETRIES): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(number >= least && number <= most)) {
    throw usageError(
      `${option} ${text} is not a whole number from ${least} to ${most}`,
      `write it as ${option} ${least + 1}`,
    )
  }
  return number
}
