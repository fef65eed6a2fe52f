import { type Kind, KINDS, type ObjectOf } from './topology.ts'

/** The characters of most names, which are much faster to test than letters of any script. */
const ASCII = /^[A-Za-z0-9._:=+@,-]*$/
const PLAIN = /^[\p{L}\p{N}._:=+@,-]*$/u
const NOT_PLAIN = /[^\p{L}\p{N}._:=+@,-]/gu

/**
 * Escapes a name as a part of an address. Letters and digits of any script and `._:=+@,-` remain readable. All other
 * characters are percent-encoded, so that an address can be pasted into a shell without quotes.
 */
export function escapeName(name: string): string {
  if (ASCII.test(name) || PLAIN.test(name)) return name
  if (name !== lastEscaped.name) lastEscaped = { name, escaped: name.replace(NOT_PLAIN, (each) => percentEncode(each)) }
  return lastEscaped.escaped
}

/** Mostly the name of the virtual host, such as `/`, which is a part of nearly every address. */
let lastEscaped = { name: '', escaped: '' }

function percentEncode(text: string): string {
  // Does not use `Buffer`, because the page in the browser lacks it.
  return new TextEncoder()
    .encode(text)
    .reduce((encoded, byte) => encoded + '%' + byte.toString(16).toUpperCase().padStart(2, '0'), '')
}

/** Makes an address from its parts. */
export function address(kind: Kind, ...parts: readonly string[]): string {
  return `${kind}:${parts.map(escapeName).join('/')}`
}

/**
 * `kind:vhost/name`: identifies one object of a broker, and is the form in which options such as `--allow` accept it.
 */
export function addressOf<K extends Kind>(kind: K, object: ObjectOf[K]): string {
  return address(kind, ...PARTS[kind](object))
}

/** The kind in an address; undefined if it is not an address. */
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

/** JSON with sorted keys: two values that are the same table for the broker give the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const table = value as Readonly<Record<string, unknown>>
    const entries = Object.keys(table)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(table[key])}`)
    return `{${entries.join(',')}}`
  }
  return JSON.stringify(value)
}
