import { addressOf, canonicalJson } from '../../../../model/address.ts'
import type { Winner } from '../../../../model/policies/winning-policies.ts'
import type { Policy } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

export const policiesOfEqualPriority: Rule = {
  id: 'policies-of-equal-priority',
  group: 'loss',
  severity: 'warning',
  meaning: 'Several policies with the same priority match an object, and RabbitMQ does not define which one applies.',
  remedy: 'Give the policies different priorities.',
  *check({ vhosts }) {
    for (const { topology, winners } of vhosts) {
      for (const kind of ['policy', 'operator-policy'] as const) {
        const policies = kind === 'policy' ? winners.policies : winners.operatorPolicies
        const pairs = new Map<string, { readonly tied: readonly Policy[]; readonly example: string }>()
        const note = (found: readonly Winner[], exampleOf: () => string) => {
          if (found.length < 2) return
          const tied = found.filter(({ certain }) => certain).map(({ policy }) => policy)
          if (new Set(tied.map(({ definition }) => canonicalJson(definition))).size < 2) return
          const key = JSON.stringify(tied.map(({ name }) => name).toSorted())
          if (!pairs.has(key)) pairs.set(key, { tied, example: exampleOf() })
        }
        for (const queue of topology.queues) note(policies.of(queue), () => addressOf('queue', queue))
        for (const exchange of topology.exchanges)
          note(policies.ofExchange(exchange), () => addressOf('exchange', exchange))
        for (const { tied, example } of pairs.values()) {
          const [first] = tied
          if (first === undefined) continue
          const names = tied.map(({ name }) => `"${name}"`).join(' and ')
          yield about(
            kind,
            first,
            `the policies ${names} have the same priority, and it is undefined which one applies to ${example}`,
            'give them different priorities',
          )
        }
      }
    }
  },
}
