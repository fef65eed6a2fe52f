import type { Binding } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

export const bindingNeverMatches: Rule = {
  id: 'binding-never-matches',
  group: 'routing',
  severity: 'warning',
  meaning: 'A binding matches no message, or only messages whose routing key is literally its pattern.',
  remedy: 'Use a topic exchange for patterns, and give a headers binding at least one header to compare.',
  *check({ vhosts }) {
    for (const { topology, exchanges } of vhosts) {
      for (const binding of topology.bindings) {
        const type = exchanges.get(binding.source)?.type
        if (type === 'direct' && hasWildcard(binding.routingKey)) {
          yield about(
            'binding',
            binding,
            `the direct exchange "${binding.source}" compares the key "${binding.routingKey}" literally: * and # are not wildcards there`,
            'make the exchange a topic exchange, or write the key that is published',
          )
        } else if (type === 'headers' && matchesNothing(binding)) {
          yield about(
            'binding',
            binding,
            `the binding matches no message: x-match ${JSON.stringify(binding.arguments['x-match'])} needs at least one header to compare`,
            'add a header, or write x-match: all, which then matches every message',
          )
        }
      }
    }
  },
}

/** Whether a part of the key is a wildcard of topic exchanges. */
function hasWildcard(key: string): boolean {
  return key.split('.').some((word) => word === '*' || word === '#')
}

/**
 * rabbit_exchange_type_headers: `any` needs at least one header, and ignores arguments that begin with `x-` unless it
 * is `any-with-x`.
 */
function matchesNothing({ arguments: table }: Binding): boolean {
  const mode = table['x-match']
  const names = Object.keys(table).filter((name) => name !== 'x-match')
  if (mode === 'any-with-x') return names.length === 0
  return mode === 'any' && names.every((name) => name.startsWith('x-'))
}
