const PARTS = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#]*)(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?/i
/** Parameters of a query that have to be whole numbers, with the scheme that reads them; absent if both do. */
const NUMBERS: Readonly<Record<string, string | undefined>> = {
  channel_max: undefined,
  connection_timeout: undefined,
  depth: 'amqps',
  frame_max: undefined,
  heartbeat: undefined,
}
const LARGEST_PORT = 65_535

/**
 * Why a broker of 3.10 to 4.3 refuses a URI of a shovel or of a federation upstream (amqp_uri, uri_parser); undefined
 * if it accepts the URI. The text contains no part of the URI, which may include a login.
 */
export function uriProblem(uri: string): string | undefined {
  const parts = PARTS.exec(uri)?.groups
  const scheme = parts?.['scheme']?.toLowerCase()
  if (parts === undefined || (scheme !== 'amqp' && scheme !== 'amqps'))
    return 'it does not begin with amqp:// or amqps://'
  const authority = parts['authority'] ?? ''
  const path = parts['path'] ?? ''
  return (
    authorityProblem(authority.slice(authority.indexOf('@') + 1)) ??
    ([authority, path].some(hasBadEscape)
      ? 'a percent sign in it is not followed by two hexadecimal digits'
      : undefined) ??
    (scheme === 'amqps' && authority.slice(authority.indexOf('@') + 1) === ''
      ? 'it has no host, and only amqp:// leads to the broker itself'
      : undefined) ??
    (path.lastIndexOf('/') > 0 ? 'the name of its vhost has a slash, which is written %2F' : undefined) ??
    queryProblem(parts['query'] ?? '', scheme)
  )
}

/**
 * The virtual host of a URI without a host, which connects the node to itself (amqp_uri). Undefined for every other
 * URI, because the broker does not check its virtual host.
 */
export function ownVhostOf(uri: string): string | undefined {
  const { authority = '', path = '' } = PARTS.exec(uri)?.groups ?? {}
  if (uriProblem(uri) !== undefined || authority.slice(authority.indexOf('@') + 1) !== '') return undefined
  return path === '' ? '/' : decodeURIComponent(path.slice(1))
}

/** A password with `/`, `?` or `#` ends the authority, so its first part is read as a port. */
function authorityProblem(host: string): string | undefined {
  // The broker reads an address without a closing bracket as a name.
  const [, name = '', rest = ''] = /^(\[[^\]]*\]|\[.*|[^:]*)(.*)$/s.exec(host) ?? []
  if (rest === '') return undefined
  const port = /^:\+?(\d+)$/.exec(rest)?.[1]
  if (port === undefined) {
    return 'its port is not a number; the characters @ : / ? # of a login are written as %40 %3A %2F %3F %23'
  }
  if (Number(port) < 1 || Number(port) > LARGEST_PORT) return `its port is not between 1 and ${LARGEST_PORT}`
  return name === '' ? 'it has a port and no host' : undefined
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9a-f]{2})/i.test(text)
}

function queryProblem(query: string, scheme: string): string | undefined {
  const values = new Map<string, string>()
  for (const [name, value] of query.split('&').map((each) => each.split(/=(.*)/s))) {
    // The broker uses the first of several parameters with one name, and ignores one without "=".
    if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value)
  }
  for (const [name, onlyOf] of Object.entries(NUMBERS)) {
    const value = values.get(name)
    if (value === undefined || (onlyOf !== undefined && onlyOf !== scheme)) continue
    if (!/^[+-]?\d+$/.test(value)) return `its parameter ${name} is not a whole number`
  }
  const peer = values.get('fail_if_no_peer_cert')
  if (scheme === 'amqps' && peer !== undefined && peer !== 'true' && peer !== 'false') {
    return 'its parameter fail_if_no_peer_cert is neither true nor false'
  }
  return values.get('auth_mechanism') === '' ? 'its parameter auth_mechanism is empty' : undefined
}
