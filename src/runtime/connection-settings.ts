import { ExitCode } from '../diagnostics/exit-code.ts'
import { Secret } from '../model/secret.ts'
import { ConnectError } from './connect-error.ts'

/** Where a broker is and how to log in to it. Texts that could show the login are secrets. */
export interface BrokerAddress {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
  readonly username: Secret
  readonly password: Secret
  /** Undefined when the URL names none. */
  readonly vhost: string | undefined
  /** In seconds; undefined when the URL says nothing. */
  readonly heartbeat: number | undefined
  /** Whether nobody has said where the broker is, so that this is RabbitMQ's own default. */
  readonly isDefault: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_PORT = { amqp: 5672, amqps: 5671 } as const

/**
 * The addresses of the broker's nodes: from `urls`, else from the environment: `WARREN_AMQP_URL`, else `AMQP_URL`
 * (several nodes separated by commas), else `RABBITMQ_HOST`, `RABBITMQ_PORT`, `RABBITMQ_USER`, `RABBITMQ_PASSWORD`
 * and `RABBITMQ_VHOST`, each with RabbitMQ's own default.
 */
export function brokerAddresses(
  urls: string | readonly string[] | undefined,
  environment: Environment,
): BrokerAddress[] {
  if (urls !== undefined) {
    const list = typeof urls === 'string' ? splitUrls(urls) : urls
    if (list.length === 0)
      throw invalid('the list of broker URLs is empty', 'give at least one, such as amqp://localhost')
    return list.map((url) => parseUrl(url, 'the url option'))
  }
  for (const name of ['WARREN_AMQP_URL', 'AMQP_URL']) {
    const written = environment[name]
    if (written) return splitUrls(written).map((url) => parseUrl(url, name))
  }
  return [addressFromParts(environment)]
}

function splitUrls(written: string): string[] {
  return written.split(/\s*,\s*(?=amqps?:)/)
}

const PARTS = ['RABBITMQ_HOST', 'RABBITMQ_PORT', 'RABBITMQ_USER', 'RABBITMQ_PASSWORD', 'RABBITMQ_VHOST']

function addressFromParts(environment: Environment): BrokerAddress {
  const port = environment['RABBITMQ_PORT'] || String(DEFAULT_PORT.amqp)
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw invalid(`RABBITMQ_PORT is not a port: ${port}`, 'give a number such as 5672')
  }
  return {
    protocol: 'amqp',
    hostname: environment['RABBITMQ_HOST'] || 'localhost',
    port: Number(port),
    username: new Secret(environment['RABBITMQ_USER'] || 'guest'),
    password: new Secret(environment['RABBITMQ_PASSWORD'] || 'guest'),
    vhost: environment['RABBITMQ_VHOST'] || undefined,
    heartbeat: undefined,
    isDefault: PARTS.every((name) => !environment[name]),
  }
}

function parseUrl(written: string, from: string): BrokerAddress {
  const url = URL.canParse(written) ? new URL(written) : undefined
  const protocol = url?.protocol.slice(0, -1)
  if (!url || (protocol !== 'amqp' && protocol !== 'amqps')) {
    throw invalid(
      `${from} is not an AMQP URL`,
      'give one such as amqp://user:password@host:5672/vhost, or amqps:// for TLS',
    )
  }
  const named = url.username !== '' || url.password !== ''
  return {
    protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(url.port) || DEFAULT_PORT[protocol],
    username: new Secret(named ? decode(url.username, from) : 'guest'),
    password: new Secret(named ? decode(url.password, from) : 'guest'),
    vhost: url.pathname.length > 1 ? decode(url.pathname.slice(1), from) : undefined,
    heartbeat: heartbeatOf(url, from),
    isDefault: false,
  }
}

function heartbeatOf(url: URL, from: string): number | undefined {
  for (const name of url.searchParams.keys()) {
    if (name !== 'heartbeat') {
      throw invalid(
        `${from} has an unknown parameter "${name}"`,
        'only heartbeat is known; give TLS and other settings as options',
      )
    }
  }
  const written = url.searchParams.get('heartbeat')
  if (written === null) return undefined
  if (!/^\d{1,5}$/.test(written))
    throw invalid(`${from} has a heartbeat that is not a number of seconds`, 'give one such as heartbeat=15')
  return Number(written)
}

function decode(part: string, from: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw invalid(`${from} has a "%" that encodes nothing`, 'write a literal "%" in a login or a vhost as %25')
  }
}

function invalid(message: string, hint: string): ConnectError {
  return new ConnectError(message, { exitCode: ExitCode.invalidInput, hint })
}
