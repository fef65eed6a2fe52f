import { canonicalJson } from '../address.ts'
import { DEFAULT_PORTS } from './amqp-address.ts'

/** The protocol determines how a URI is read: AMQP 1.0 clients have no default login. */
export type UriProtocol = 'amqp091' | 'amqp10'

const PORTS: Readonly<Record<string, number>> = DEFAULT_PORTS
const URI =
  /^(?<scheme>[a-z]+):\/\/(?:(?<login>[^/?#@]*)@)?(?<host>\[[^\]]*\]|[^/?#:@]*)(?::(?<port>\d+))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/i

/**
 * Returns a string that is equal for two URIs with the same meaning for the broker (amqp_uri, uri_parser). It ignores
 * the case of scheme and host, the default port, the default login of AMQP 0-9-1, percent-encoding, and the order of
 * different query parameters.
 *
 * A URI without a host is a connection within the node, which differs from `localhost`. A URI without a path means
 * the virtual host of the parameter, which differs from `/`.
 *
 * @returns undefined if the text is not such a URI
 */
export function meaningOfUri(uri: string, protocol: UriProtocol = 'amqp091'): string | undefined {
  const parts = URI.exec(uri)?.groups
  if (parts === undefined) return undefined
  const scheme = String(parts['scheme']).toLowerCase()
  const defaultPort = PORTS[scheme]
  if (defaultPort === undefined) return undefined
  try {
    const host = decoded(parts['host'] ?? '').toLowerCase()
    const login = parts['login']?.split(':').map(decoded) ?? []
    const isNetwork = host !== ''
    return canonicalJson([
      scheme,
      isNetwork && protocol === 'amqp091' ? [login[0] ?? 'guest', login[1] ?? 'guest'] : login,
      host,
      isNetwork ? Number(parts['port'] ?? defaultPort) : (parts['port'] ?? ''),
      parts['path'] === undefined ? null : decodedPath(parts['path']),
      queryOf(parts['query']),
    ])
  } catch {
    // A percent sign begins no character; the broker will refuse it.
    return undefined
  }
}

/** An encoded slash is part of a name, and differs from the slash between names. */
function decodedPath(path: string): string[] {
  return path.split('/').map(decoded)
}

/**
 * The broker uses the first of several parameters with one name, and the mechanisms in their order; the sort
 * preserves both.
 */
function queryOf(query: string | undefined): string[][] {
  return (query ?? '')
    .split('&')
    .filter((each) => each !== '')
    .map((each) => (/^([^=]*)(=.*)?$/s.exec(each) ?? []).slice(1).map((part) => decoded(part ?? '')))
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
}

/** Depending on the version, a plus sign means a plus sign or a space, so it differs from an encoded one. */
function decoded(text: string): string {
  return text.split('+').map(decodeURIComponent).join('\0')
}
