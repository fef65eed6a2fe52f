import { type Kind, KINDS, type ObjectOf } from './topology.ts'

const PLAIN = /^[\p{L}\p{N}._:=+@,-]*$/u
const NOT_PLAIN = /[^\p{L}\p{N}._:=+@,-]/gu

/**
 * Escapes a name as a part of an address: letters and digits of any script and `._:=+@,-` stay readable,
 * everything else is percent-encoded, so that an address can be pasted into a shell unquoted.
 */
export function escapeName(name: string): string {
  return PLAIN.test(name) ? name : name.replace(NOT_PLAIN, (each) => percentEncode(each))
}

function percentEncode(text: string): string {
  return Buffer.from(text, 'utf8').reduce(
    (encoded, byte) => encoded + '%' + byte.toString(16).toUpperCase().padStart(2, '0'),
    '',
  )
}

/** Makes an address from its parts. */
export function address(kind: Kind, ...parts: readonly string[]): string {
  return `${kind}:${parts.map(escapeName).join('/')}`
}

/** `kind:vhost/name`: names one object of a broker, and is what options such as `--allow` take. */
export function addressOf<K extends Kind>(kind: K, object: ObjectOf[K]): string {
  return address(kind, ...PARTS[kind](object))
}

/** The kind that an address names; undefined when it is none. */
export function kindOf(address: string): Kind | undefined {
  const word = address.slice(0, address.indexOf(':'))
  return KINDS.find((kind) => kind === word)
}

const PARTS: { readonly [K in Kind]: (object: ObjectOf[K]) => string[] } = {
  vhost: ({ name }) => [name],
  user: ({ name }) => [name],
  permission: ({ vhost, user }) => [vhost, user],
  exchange: ({ vhost, name }) => [vhost, name],
  'topic-permission': ({ vhost, user, exchange }) => [vhost, user, exchange],
  policy: ({ vhost, name }) => [vhost, name],
  'operator-policy': ({ vhost, name }) => [vhost, name],
  queue: ({ vhost, name }) => [vhost, name],
  parameter: ({ vhost, component, name }) => [vhost, component, name],
  'global-parameter': ({ name }) => [name],
  binding: ({ vhost, source, destinationType, destination, routingKey, arguments: table }) => [
    vhost,
    source,
    destinationType,
    destination,
    routingKey,
    ...(Object.keys(table).length === 0 ? [] : [canonicalJson(table)]),
  ],
}

/** JSON with sorted keys: two values that the broker takes for the same table give the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
  }
  return JSON.stringify(value)
}
