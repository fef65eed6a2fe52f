import type { Binding } from '../model/topology.ts'
import type { KnownExchanges } from './known-exchanges.ts'
import { topicMatches } from './topic-match.ts'

/**
 * Whether what is published to an exchange with this key arrives in a queue, by the declared bindings alone.
 * `unknown` when something on the way is not declared here or cannot be told from the files.
 */
export function reaches(
  queue: string,
  from: { readonly exchange: string; readonly routingKey: string },
  known: KnownExchanges,
  bindingsFrom: (source: string) => readonly Binding[],
): 'yes' | 'no' | 'unknown' {
  const seen = new Set([from.exchange])
  let unknown = false
  for (const name of seen) {
    const exchange = known.get(name)
    if (!exchange || exchange.foreign) unknown = true
    for (const binding of bindingsFrom(name)) {
      const match = matches(exchange?.type, binding, from.routingKey)
      if (match === 'unknown') unknown = true
      if (match !== 'yes') continue
      if (binding.destinationType === 'exchange') seen.add(binding.destination)
      else if (binding.destination === queue) return 'yes'
    }
  }
  return unknown ? 'unknown' : 'no'
}

function matches(type: string | undefined, { routingKey }: Binding, key: string): 'yes' | 'no' | 'unknown' {
  switch (type) {
    case 'fanout':
      return 'yes'
    case 'direct':
      return routingKey === key ? 'yes' : 'no'
    case 'topic':
      return topicMatches(routingKey, key) ? 'yes' : 'no'
    // Headers and the types of plugins look at more than the key.
    case undefined:
    default:
      return 'unknown'
  }
}
