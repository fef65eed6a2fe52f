import { hostInUrl } from '../../../model/amqp/amqp-address.ts'
import { errorMessage } from '../../../diagnostics/thrown.ts'
import { brokerReason } from '../../../diagnostics/broker-reason.ts'

/** Why an AMQP connection could not be opened. */
export interface ConnectionRefusal {
  readonly code: 'ACCESS_REFUSED' | 'UNREACHABLE'
  readonly message: string
  /** How to resolve it. */
  readonly hint: string
  /** Whether another attempt cannot succeed. A wrong password remains wrong, but a booting broker becomes available. */
  readonly final: boolean
}

interface Address {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
}

const BAD_CERTIFICATE = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/

/** Explains the error that amqplib threw while connecting, without any part of the login. */
export function explainConnectionRefusal(thrown: unknown, address: Address, vhost: string): ConnectionRefusal {
  const where = `the broker at ${address.protocol}://${hostInUrl(address.hostname)}:${address.port}`
  const text = errorMessage(thrown)
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''

  if (text.startsWith('Handshake terminated by server: 403') || text.startsWith('SASL mechanism')) {
    return {
      code: 'ACCESS_REFUSED',
      message: `${where} refused the login`,
      hint: 'check the user name and the password; guest may only log in from the same machine',
      final: true,
    }
  }
  // When the broker refuses an "open", amqplib drops both the code (530) and the text of the answer.
  if (text.startsWith('Expected ConnectionOpenOk')) {
    return {
      code: 'ACCESS_REFUSED',
      message: `${where} refused access to the vhost "${vhost}"`,
      hint: 'check that the vhost exists, that the user has a permission on it, and that no connection limit is reached',
      final: true,
    }
  }
  if (BAD_CERTIFICATE.test(code)) {
    return {
      code: 'UNREACHABLE',
      message: `${where} could not be trusted: ${brokerReason(thrown).trim()}`,
      hint:
        code === 'ERR_SSL_WRONG_VERSION_NUMBER'
          ? 'this port does not speak TLS: use amqp://, or the port of the TLS listener'
          : 'give the authority that signed the certificate (tls.ca; --ca on the command line), and the name in the certificate as the host',
      final: true,
    }
  }
  return {
    code: 'UNREACHABLE',
    message: `${where} could not be reached: ${brokerReason(thrown)}`,
    hint: 'check the host, the port (5672, with TLS 5671; not that of the management API) and that the broker is running',
    final: false,
  }
}
