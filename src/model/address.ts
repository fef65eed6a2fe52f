import type { Binding, Exchange, Kind, Permission, Queue, TopicPermission, User, VirtualHost } from './topology.ts'

/** An object of a topology together with its kind. */
export type KindedObject =
  | { readonly kind: 'vhost'; readonly object: VirtualHost }
  | { readonly kind: 'user'; readonly object: User }
  | { readonly kind: 'permission'; readonly object: Permission }
  | { readonly kind: 'exchange'; readonly object: Exchange }
  | { readonly kind: 'topic-permission'; readonly object: TopicPermission }
  | { readonly kind: 'queue'; readonly object: Queue }
  | { readonly kind: 'binding'; readonly object: Binding }

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
  return Buffer.from(text, 'utf8').reduce((encoded, byte) => encoded + '%' + byte.toString(16).toUpperCase().padStart(2, '0'), '')
}

/** `kind:vhost/name`: names one object of a broker, and is what options such as `--allow` take. */
export function addressOf({ kind, object }: KindedObject): string {
  return `${kind}:${partsOf({ kind, object } as KindedObject).map(escapeName).join('/')}`
}

function partsOf(named: KindedObject): string[] {
  switch (named.kind) {
    case 'vhost':
    case 'user':
      return [named.object.name]
    case 'exchange':
    case 'queue':
      return [named.object.vhost, named.object.name]
    case 'permission':
      return [named.object.vhost, named.object.user]
    case 'topic-permission':
      return [named.object.vhost, named.object.user, named.object.exchange]
    case 'binding': {
      const { vhost, source, destinationType, destination, routingKey } = named.object
      const table = canonicalJson(named.object.arguments)
      return [vhost, source, destinationType, destination, routingKey, ...(table === '{}' ? [] : [table])]
    }
  }
}

/** JSON with sorted keys: two values that the broker takes for the same table give the same text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** The kind that an address begins with. */
export function kindOfAddress(address: string): Kind {
  return address.slice(0, address.indexOf(':')) as Kind
}
