import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { ManagementError, UnreachableError } from './errors.ts'
import type { Misfit } from './answers/shape.ts'

const CHECK_URL =
  'check the URL (--url or WARREN_URL) and that the broker runs with its management plugin; --wait 60s waits for a broker that is still booting'

/** Converts a transport error to an error that says what to do. Errors of the broker are passed through. */
export function explainTransportError(error: unknown, url: string): Error {
  if (error instanceof ManagementError || error instanceof UnreachableError) return error
  if (!(error instanceof Error)) return new Error(String(error))
  const code = 'code' in error ? String(error.code) : ''
  const [what, hint] = explain(code, error)
  return new UnreachableError(`cannot reach the management API at ${url}: ${what}`, { hint, cause: error })
}

/** A server answers at the URL, but it is not a management API. */
export function notAnApi(url: string, what: string): UnreachableError {
  return new UnreachableError(`the server at ${url} is not a RabbitMQ management API: ${what}`, { hint: CHECK_URL })
}

/** The response was not complete when the time was over. */
export function notInTime(url: string, method: string, path: string, timeout: number): UnreachableError {
  return new UnreachableError(
    `the management API at ${url} did not answer ${method} ${path} in time: its response was not complete after ${timeout / 1000} s`,
    { hint: `${CHECK_URL}; a slow broker needs a longer --timeout` },
  )
}

/** The response exceeds the maximum size. */
export function tooLarge(url: string, method: string, path: string, limit: number): UnreachableError {
  return new UnreachableError(
    `the management API at ${url} answered ${method} ${path} with more than ${withCommas(limit)} bytes`,
    { hint: `${CHECK_URL}; a broker with very many objects needs a larger --max-response` },
  )
}

/** The response is JSON, but not a response of RabbitMQ. */
export function wrongShape(url: string, method: string, path: string, misfit: Misfit): UnreachableError {
  const { at, expected, found } = misfit
  const where = at === '' ? '' : ` in ${at.replace(/^\./, '')}`
  return new UnreachableError(
    `the server at ${url} did not answer ${method} ${path} like RabbitMQ: expected ${expected}${where}, found ${found}`,
    { hint: `${CHECK_URL}; a proxy in between may change responses` },
  )
}

function explain(code: string, error: Error): [what: string, hint: string] {
  switch (code) {
    case 'ECONNREFUSED':
      return ['the connection was refused', CHECK_URL]
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['the host name could not be resolved', CHECK_URL]
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return ['it did not answer in time', `${CHECK_URL}; a slow broker needs a longer --timeout`]
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return ['the connection was closed before the answer', CHECK_URL]
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return [`its certificate is not trusted (${code})`, "give the authority's certificate with --ca FILE"]
    case 'CERT_HAS_EXPIRED':
      return ['its certificate has expired', 'renew the certificate of the broker']
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return ['its certificate is for another host name', 'use the host name that the certificate is for']
    default:
      if (code.startsWith('ERR_OSSL_PEM'))
        return [`TLS failed (${code})`, '--ca, --cert and --key have to be PEM files']
      if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
        return [
          `TLS failed (${code})`,
          'check whether the URL should begin with http:// or https://, and --cert and --key',
        ]
      }
      if (code.startsWith('HPE_'))
        return ['it does not speak HTTP', `${CHECK_URL}; 5672 is the AMQP port, the API is on 15672 by default`]
      // undici has no code for errors after the headers, such as a chunk without a length.
      if (error.name === 'HTTPParserError')
        return ['its response is not well-formed HTTP', `${CHECK_URL}; a proxy in between may break responses`]
      return [error.message, CHECK_URL]
  }
}
