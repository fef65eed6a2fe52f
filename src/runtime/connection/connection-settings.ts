import { DEFAULT_PORTS, hostOfUrl } from '../../model/amqp/amqp-address.ts'
import { Secret } from '../../model/secrets/secret.ts'
import { ConnectError } from './connect-error.ts'
import { readSecretFile } from './connection-environment.ts'

/** The address of a broker and the login. Texts that may contain the login are secrets. */
export interface BrokerAddress {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
  readonly username: Secret
  readonly password: Secret
  /** Undefined if the URL contains none. */
  readonly vhost: string | undefined
  /** In seconds; undefined if the URL sets none. */
  readonly heartbeat: number | undefined
  /** Whether to log in with the client certificate instead of name and password. */
  readonly external: boolean
  /** Whether no source names the broker, so that RabbitMQ's default is used. */
  readonly isDefault: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The addresses of the broker's nodes: from `urls`, else from the environment: `WARREN_AMQP_URL`, else `AMQP_URL`
 * (several nodes separated by commas), else `RABBITMQ_HOST`, `_PORT`, `_TLS`, `_USER`, `_PASSWORD` (or `_PASSWORD_FILE`) and
 * `_VHOST`, each with RabbitMQ's own default; `RABBITMQ_AUTH` and `RABBITMQ_HEARTBEAT` apply to both.
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
    if (written) return splitUrls(written).map((url) => withCommonParts(parseUrl(url, name), environment))
  }
  return [withCommonParts(addressFromParts(environment), environment)]
}

function splitUrls(written: string): string[] {
  return written.split(/\s*,\s*(?=amqps?:)/)
}

const PARTS = ['HOST', 'PORT', 'TLS', 'USER', 'PASSWORD', 'PASSWORD_FILE', 'VHOST'].map((part) => `RABBITMQ_${part}`)

function addressFromParts(environment: Environment): BrokerAddress {
  const protocol = readSwitch(environment, 'RABBITMQ_TLS') ? 'amqps' : 'amqp'
  const port = environment['RABBITMQ_PORT'] || String(DEFAULT_PORTS[protocol])
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw invalid(`RABBITMQ_PORT is not a port: ${port}`, 'give a number such as 5672')
  }
  const passwordFile = environment['RABBITMQ_PASSWORD_FILE']
  const password = passwordFile
    ? readSecretFile('RABBITMQ_PASSWORD_FILE', passwordFile)
    : environment['RABBITMQ_PASSWORD']
  return {
    protocol,
    hostname: environment['RABBITMQ_HOST'] || 'localhost',
    port: Number(port),
    username: new Secret(environment['RABBITMQ_USER'] || 'guest'),
    password: new Secret(password || 'guest'),
    vhost: environment['RABBITMQ_VHOST'] || undefined,
    heartbeat: undefined,
    external: false,
    isDefault: PARTS.every((name) => !environment[name]),
  }
}

/**
 * Adds the settings of the environment other than the address: the authentication mechanism, and the heartbeat if no
 * URL has one.
 */
function withCommonParts(address: BrokerAddress, environment: Environment): BrokerAddress {
  const auth = environment['RABBITMQ_AUTH'] || 'plain'
  if (auth !== 'plain' && auth !== 'external') {
    throw invalid(
      `RABBITMQ_AUTH is neither plain nor external: ${auth}`,
      'give plain (name and password) or external (certificate)',
    )
  }
  const written = environment['RABBITMQ_HEARTBEAT']
  if (written && !/^\d{1,5}$/.test(written)) {
    throw invalid(`RABBITMQ_HEARTBEAT is not a number of seconds: ${written}`, 'give one such as 15')
  }
  return {
    ...address,
    external: auth === 'external',
    heartbeat: address.heartbeat ?? (written ? Number(written) : undefined),
  }
}

function readSwitch(environment: Environment, name: string): boolean {
  const written = environment[name] || 'false'
  if (written === 'true' || written === 'false') return written === 'true'
  throw invalid(`${name} is neither true nor false: ${written}`, 'write true or false')
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
    hostname: hostOfUrl(url) || 'localhost',
    port: Number(url.port) || DEFAULT_PORTS[protocol],
    username: new Secret(named ? decode(url.username, from) : 'guest'),
    password: new Secret(named ? decode(url.password, from) : 'guest'),
    vhost: url.pathname.length > 1 ? decode(url.pathname.slice(1), from) : undefined,
    heartbeat: heartbeatOf(url, from),
    external: false,
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
  return new ConnectError(message, { code: 'INVALID_CONNECTION', hint })
}
