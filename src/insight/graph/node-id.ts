import { address, escapeName } from '../../model/address.ts'

/** The id of an exchange or a queue: its address. */
export function objectId(kind: 'exchange' | 'queue', vhost: string, name: string): string {
  return address(kind, vhost, name)
}

/** The id of a route, in the form of an address. */
export function routeId(kind: 'publication' | 'subscription', vhost: string, name: string): string {
  return `${kind}:${escapeName(vhost)}/${escapeName(name)}`
}
