import { explainConnectionRefusal } from '../../broker/amqp/connections/connection-refusal.ts'
import { ExitCode } from '../../diagnostics/exit-code.ts'
import { ConnectError } from './connect-error.ts'
import type { BrokerAddress } from './connection-settings.ts'

/** Why a connection could not be opened, and whether trying again can help. */
export interface ConnectionFailure {
  readonly error: ConnectError
  /** A wrong password does not get right by itself; a broker that is still booting does. */
  readonly final: boolean
}

/** Explains a failed attempt to connect, without any part of the login. */
export function explainConnectionFailure(thrown: unknown, address: BrokerAddress, vhost: string): ConnectionFailure {
  const unset = address.isDefault
    ? 'WARREN_AMQP_URL is not set, so the default was used: set it, or give the url option; otherwise '
    : ''
  const { message, hint, final } = explainConnectionRefusal(thrown, address, vhost)
  return { final, error: new ConnectError(message, { exitCode: ExitCode.unreachable, hint: unset + hint }) }
}
