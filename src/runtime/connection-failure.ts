import { ExitCode } from '../diagnostics/exit-code.ts'
import { brokerReason } from './broker-reason.ts'
import { ConnectError } from './connect-error.ts'
import type { BrokerAddress } from './connection-settings.ts'

/** Why a connection could not be opened, and whether trying again can help. */
export interface ConnectionFailure {
  readonly error: ConnectError
  /** A wrong password does not get right by itself; a broker that is still booting does. */
  readonly final: boolean
}

const BAD_CERTIFICATE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/

/** Explains a failed attempt to connect, without any part of the login. */
export function explainConnectionFailure(thrown: unknown, address: BrokerAddress, vhost: string): ConnectionFailure {
  const unset = address.isDefault
    ? 'WARREN_AMQP_URL is not set, so the default was used: set it, or give the url option; otherwise '
    : ''
  const where = `the broker at ${address.protocol}://${bracketed(address.hostname)}:${address.port}`
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''

  if (text.startsWith('Handshake terminated by server: 403') || text.startsWith('SASL mechanism')) {
    return final(
      `${where} refused the login`,
      'check the user name and the password; guest may only log in from the same machine',
    )
  }
  // amqplib keeps neither the code (530) nor the text with which the broker answers an "open" that it refuses.
  if (text.startsWith('Expected ConnectionOpenOk')) {
    return final(
      `${where} refused access to the vhost "${vhost}"`,
      'check that the vhost exists, that the user has a permission on it, and that no connection limit is reached',
    )
  }
  if (BAD_CERTIFICATE.test(code)) {
    const hint =
      code === 'ERR_SSL_WRONG_VERSION_NUMBER'
        ? 'this port does not speak TLS: use amqp://, or the port of the TLS listener'
        : 'give the authority that signed the certificate as tls.ca, and the name in the certificate as the host'
    return final(`${where} could not be trusted: ${brokerReason(thrown).trim()}`, hint)
  }
  return {
    final: false,
    error: unreachable(
      `${where} could not be reached: ${brokerReason(thrown)}`,
      unset +
        'check the host, the port (5672, with TLS 5671; not that of the management API) and that the broker is running',
    ),
  }

  function final(message: string, hint: string): ConnectionFailure {
    return { final: true, error: unreachable(message, unset + hint) }
  }
}

function unreachable(message: string, hint: string): ConnectError {
  return new ConnectError(message, { exitCode: ExitCode.unreachable, hint })
}

function bracketed(hostname: string): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname
}
