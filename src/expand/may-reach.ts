import type { Binding } from '../model/topology.ts'
import type { KnownExchanges } from './known-exchanges.ts'
import { topicMatches } from './topic-match.ts'

/**
 * Whether what is published to an exchange with this key can arrive in a queue. The benefit of the doubt goes to what
 * the files do not tell: bindings of an exchange that is not declared here, and matches that look at more than the key.
 */
export function mayReach(
  queue: string,
  from: { readonly exchange: string; readonly routingKey: string },
  known: KnownExchanges,
  bindingsFrom: (source: string) => readonly Binding[],
): boolean {
  const reached = new Set([from.exchange])
  for (const name of reached) {
    const exchange = known.get(name)
    if (!exchange || exchange.foreign) return true
    for (const { destinationType, destination, routingKey } of bindingsFrom(name)) {
      if (!mayMatch(exchange.type, routingKey, from.routingKey)) continue
      if (destinationType === 'exchange') reached.add(destination)
      else if (destination === queue) return true
    }
  }
  return false
}

function mayMatch(type: string | undefined, bindingKey: string, routingKey: string): boolean {
  if (type === 'direct') return bindingKey === routingKey
  return type !== 'topic' || topicMatches(bindingKey, routingKey)
}
