import { exceededKeyLimit } from '../../../../model/broker-tables/binding-key.ts'
import { about, type Rule } from '../../rule.ts'

export const bindingKeyRefused: Rule = {
  id: 'binding-key-refused',
  group: 'versions',
  severity: 'error',
  meaning:
    'This version of the broker refuses the routing key of a binding: more than two `#` in a topic key, or a weight over 10,000.',
  remedy: 'Write a key with at most two `#`, or a smaller weight.',
  *check({ vhosts, version }) {
    for (const { topology, exchanges } of vhosts) {
      for (const binding of topology.bindings) {
        const type = exchanges.get(binding.source)?.type
        const exceeded = type === undefined ? undefined : exceededKeyLimit(type, binding.routingKey, version)
        if (exceeded === undefined || binding.external) continue
        const what = exceeded.limits === 'weight' ? `a weight over ${exceeded.limit}` : `more than ${exceeded.limit} #`
        const { routingKey: from } = binding
        const to = from.replaceAll(/(?<=^|\.)#(?:\.#)+(?=\.|$)/g, '#')
        const isFixed = type === 'topic' && exceededKeyLimit(type, to, version) === undefined
        yield {
          ...about('binding', binding, `RabbitMQ ${version} refuses the key "${from}": it has ${what}`),
          // Several # in a row match what one does.
          ...(isFixed && {
            fix: {
              edit: { kind: 'replace', key: 'routingKey', from, to },
              done: `wrote the key "${to}" for "${from}"`,
            },
          }),
        }
      }
    }
  },
}
