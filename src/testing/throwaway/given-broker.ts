import { setTimeout as delay } from 'node:timers/promises'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { askOverview, RefusedError } from './ask-overview.ts'
import type { Broker, Login } from './broker.ts'

/** How long a given broker may take to answer, in milliseconds. It may still be starting. */
const PATIENCE = 15_000
const PAUSE = 500

/**
 * Uses the broker that `WARREN_URL` or `WARREN_AMQP_URL` names. If only one is set, the other URL is derived with
 * RabbitMQ's default port. The login is that of the URL, or `RABBITMQ_USER` and `RABBITMQ_PASSWORD`, or RabbitMQ's
 * default. Undefined when neither is set.
 *
 * @throws {WarrenError} `INVALID_CONNECTION` when a variable contains no URL, `UNREACHABLE` when the broker does not
 *   answer, `ACCESS_REFUSED` when it refuses the login
 */
export async function givenBroker(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Broker | undefined> {
  const management = parse(environment, 'WARREN_URL')
  const amqp = parse(environment, 'WARREN_AMQP_URL')
  if (!management && !amqp) return undefined

  const login = (management && loginOf(management)) ?? (amqp && loginOf(amqp)) ?? loginFrom(environment)
  const managementUrl = management ? withoutLogin(management) : managementBeside(amqp as URL)
  const amqpUrl = amqp ? `${amqp.protocol}//${amqp.host}` : amqpBeside(management as URL)
  const version = await answer(managementUrl, login, signal)
  const stop = () => Promise.resolve()
  return { managementUrl, amqpUrl, ...login, version, origin: 'given', stop, [Symbol.asyncDispose]: stop }
}

const SCHEMES = {
  WARREN_URL: { allowed: ['http:', 'https:'], example: 'http://localhost:15672' },
  WARREN_AMQP_URL: { allowed: ['amqp:', 'amqps:'], example: 'amqp://localhost:5672' },
} as const

function parse(environment: NodeJS.ProcessEnv, name: keyof typeof SCHEMES): URL | undefined {
  const text = environment[name]
  if (!text) return undefined
  const { allowed, example } = SCHEMES[name]
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.hostname && allowed.some((scheme) => scheme === url.protocol)) return url
  // The text is not shown, because it may contain a password.
  throw new WarrenError(`${name} is not a URL of ${allowed.join(' or ')}`, {
    code: 'INVALID_CONNECTION',
    hint: `write it like ${example}`,
  })
}

function loginOf({ username, password }: URL): Login | undefined {
  return username === ''
    ? undefined
    : { username: decodeURIComponent(username), password: decodeURIComponent(password) }
}

function loginFrom(environment: NodeJS.ProcessEnv): Login {
  return { username: environment['RABBITMQ_USER'] ?? 'guest', password: environment['RABBITMQ_PASSWORD'] ?? 'guest' }
}

function withoutLogin({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`.replace(/\/+$/, '')
}

function managementBeside({ protocol, hostname }: URL): string {
  return protocol === 'amqps:' ? `https://${hostname}:15671` : `http://${hostname}:15672`
}

function amqpBeside({ protocol, hostname }: URL): string {
  return protocol === 'https:' ? `amqps://${hostname}:5671` : `amqp://${hostname}:5672`
}

async function answer(managementUrl: string, login: Login, signal?: AbortSignal): Promise<string> {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    signal?.throwIfAborted()
    try {
      return (await askOverview(managementUrl, login)).rabbitmq_version
    } catch (error) {
      const refused = error instanceof RefusedError && error.status < 500
      if (refused || Date.now() + PAUSE > deadline) throw unusable(managementUrl, login, error as Error)
    }
    await delay(PAUSE)
  }
}

function unusable(managementUrl: string, { username }: Login, error: Error): WarrenError {
  const refused = error instanceof RefusedError
  const reason = refused ? error.message : ((error.cause as Error | undefined)?.message ?? error.message)
  return new WarrenError(`The broker at ${managementUrl} cannot be used: ${reason}`, {
    code: refused ? 'ACCESS_REFUSED' : 'UNREACHABLE',
    hint: refused
      ? `check the login (${username}), which needs the tag administrator`
      : 'check WARREN_URL and that the management plugin runs there, or unset it to have a broker started',
    cause: error,
  })
}
