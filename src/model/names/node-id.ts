import { address, escapeName } from '../address.ts'

/** The id of an exchange or a queue: its address. */
export function objectId(kind: 'exchange' | 'queue', vhost: string, name: string): string {
  return address(kind, vhost, name)
}

/** The id of a route, in the form of an address. */
export function routeId(kind: 'publication' | 'subscription', vhost: string, name: string): string {
  return `${kind}:${escapeName(vhost)}/${escapeName(name)}`
}

/** The id of any of them. */
export function nodeId(
  kind: 'exchange' | 'queue' | 'publication' | 'subscription',
  vhost: string,
  name: string,
): string {
  return kind === 'exchange' || kind === 'queue' ? objectId(kind, vhost, name) : routeId(kind, vhost, name)
}
