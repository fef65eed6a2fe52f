import { asError, errorMessage } from '../../diagnostics/thrown.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { ConnectError } from './connect-error.ts'

/** The login of a connection. */
export interface Credentials {
  /** With OAuth, the broker reads it from the token. */
  readonly username?: string
  /** A password, or an OAuth token. */
  readonly password: string
  /**
   * The number of milliseconds until it expires; it is renewed before that, without a new connection. Default: never.
   */
  readonly expiresIn?: number
}

/** Called before each attempt to connect, and again before the credentials expire. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>

/** Calls the provider. @throws {ConnectError} without the credentials, if the provider fails */
export async function askForCredentials(provider: CredentialsProvider): Promise<Credentials> {
  let given: Credentials
  try {
    given = await provider()
  } catch (error) {
    throw failed(`credentials() failed: ${errorMessage(error)}`, error)
  }
  if (typeof given?.password === 'string') return given
  throw failed('credentials() returned no password', undefined)
}

function failed(message: string, cause: unknown): ConnectError {
  const hint = 'it has to resolve with { password }, and with { username } if the URL has none'
  return new ConnectError(message, { code: 'UNREACHABLE', hint, cause })
}

/** The share of their lifetime after which credentials are renewed. */
const RENEW_AT = 0.8
/** The pause after a failed renewal, in milliseconds. */
const AGAIN_AFTER = 5_000
/** The shortest time between two renewals, in milliseconds. */
const SHORTEST = 1_000

/** When to renew: before the credentials expire, but never in a busy loop. Undefined if they do not expire. */
export function renewalDelay({ expiresIn }: Credentials): number | undefined {
  return expiresIn === undefined ? undefined : Math.max(SHORTEST, Math.min(expiresIn * RENEW_AT, 2 ** 31 - 1))
}

/**
 * Keeps the credentials of one connection valid until it is closed.
 *
 * @param onFailure called with the error of a failed renewal, which is then repeated
 */
export function keepRenewing(
  first: Credentials,
  provider: CredentialsProvider,
  connection: Pick<OpenConnection, 'isGone' | 'whenGone' | 'update'>,
  onFailure: (error: Error) => void,
): void {
  let timer: NodeJS.Timeout | undefined
  schedule(renewalDelay(first))
  void connection.whenGone().then(() => clearTimeout(timer))

  function schedule(delay: number | undefined): void {
    if (delay === undefined || connection.isGone) return
    timer = setTimeout(() => void renew(), delay)
    timer.unref()
  }

  async function renew(): Promise<void> {
    try {
      const next = await askForCredentials(provider)
      if (connection.isGone) return
      await connection.update(next.password)
      schedule(renewalDelay(next))
    } catch (error) {
      if (connection.isGone) return
      onFailure(asError(error))
      schedule(AGAIN_AFTER)
    }
  }
}
