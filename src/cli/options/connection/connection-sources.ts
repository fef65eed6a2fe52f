import { type GivenSetting, mixedSources } from '../../../diagnostics/mixed-sources.ts'
import type { Io } from '../../output/io.ts'
import { usageError } from '../usage-error.ts'

/** The options for the address of a broker and the login, as commander returns them. */
export interface ConnectionFlags {
  readonly url?: string
  readonly amqpUrl?: string
  readonly user?: string
  readonly passwordFile?: string
}

/** The connection of a chosen environment, with resolved references. No other source adds to it. */
export interface EnvironmentConnection {
  /** The name of the environment. */
  readonly name: string
  readonly url?: string
  readonly amqpUrl?: string
  readonly user?: string
  readonly password?: string
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

interface Setting extends GivenSetting {
  readonly value: string
}

/**
 * The address of a broker and the login, as far as they are given: either all from the options and variables, or all
 * from `.env`.
 */
export interface ConnectionSources {
  /** The URL of the management API, which may contain a login. */
  readonly url?: string
  /** A host name, for the management API on its default port. */
  readonly host?: string
  readonly amqpUrl?: string
  readonly user?: string
  readonly password?: string
  /** A setting of `.env` or of the environment that is not used, because the management API is given elsewhere. */
  readonly unused?: string
}

/**
 * Reads the settings of a connection from the options, the environment of the process and `.env`.
 *
 * The user who starts warren controls both options and environment, so they may complete each other; options take
 * precedence. A `.env` file belongs to the folder, and is used completely or not at all. It must not provide the
 * broker for a login from the environment, or the reverse.
 *
 * @param chosen the environment that replaces variables and `.env`. Default: none
 * @throws {UsageError} naming the settings when they come from both
 */
export function connectionSources(
  flags: ConnectionFlags,
  { environment, fileVariables }: Io,
  chosen?: EnvironmentConnection,
): ConnectionSources {
  const origin =
    chosen === undefined
      ? { source: 'the file .env', short: '.env' }
      : { source: `the environment ${JSON.stringify(chosen.name)}`, short: 'the config' }
  const flag = (name: string, value: string | undefined): Setting | undefined =>
    value === undefined ? undefined : { name, value, isFromFile: false }
  const variable = (name: keyof typeof KEYS): Setting | undefined => {
    if (chosen !== undefined) {
      const key = KEYS[name]
      const text = key === undefined ? undefined : chosen[key]
      return key === undefined || text === undefined || text === ''
        ? undefined
        : { name: key, value: text, isFromFile: true }
    }
    const value = environment[name]
    // Pipelines set a variable without a value to the empty text.
    return value === undefined || value === ''
      ? undefined
      : { name, value, isFromFile: fileVariables?.has(name) === true }
  }
  const url = flag('--url', flags.url) ?? variable('WARREN_URL')
  const host = url === undefined ? variable('RABBITMQ_HOST') : undefined
  const inUrl = loginIn(url?.value)
  const user = flag('--user', flags.user) ?? (inUrl.user ? undefined : variable('RABBITMQ_USER'))
  const password =
    flag('--password-file', flags.passwordFile) ?? (inUrl.password ? undefined : variable('RABBITMQ_PASSWORD'))
  let amqpUrl = flag('--amqp-url', flags.amqpUrl) ?? variable('WARREN_AMQP_URL')
  const api = url ?? host
  const unused =
    amqpUrl?.isFromFile === true && api?.isFromFile === false ? `${amqpUrl.name} of ${origin.source}` : undefined
  if (unused !== undefined) amqpUrl = undefined

  const mixed = mixedSources(
    [api, amqpUrl, user, password].filter((each) => each !== undefined),
    origin,
  )
  if (mixed) throw usageError(mixed.message, mixed.hint)
  return {
    ...(url && { url: url.value }),
    ...(host && { host: host.value }),
    ...(amqpUrl && { amqpUrl: amqpUrl.value }),
    ...(user && { user: user.value }),
    ...(password && flags.passwordFile === undefined && { password: password.value }),
    ...(unused !== undefined && { unused }),
  }
}

/** The variables, and the keys of an environment in the config. */
const KEYS = {
  WARREN_URL: 'url',
  RABBITMQ_HOST: undefined,
  WARREN_AMQP_URL: 'amqpUrl',
  RABBITMQ_USER: 'user',
  RABBITMQ_PASSWORD: 'password',
} as const

function loginIn(url: string | undefined): { readonly user: boolean; readonly password: boolean } {
  if (url === undefined || !URL.canParse(url)) return { user: false, password: false }
  const { username, password } = new URL(url)
  return { user: username !== '', password: password !== '' }
}
