import { addressOf } from '../../../../model/address.ts'
import type { Policy } from '../../../../model/topology.ts'
import { about, type Rule } from '../../rule.ts'

export const policyTakesKeysAway: Rule = {
  id: 'policy-takes-keys-away',
  group: 'loss',
  severity: 'warning',
  meaning:
    'A policy with a higher priority replaces another policy on a queue but lacks some of its keys. RabbitMQ applies only one policy to an object and does not merge them.',
  remedy: 'Repeat the keys in the policy with the higher priority, or narrow one of the two patterns.',
  *check({ vhosts }) {
    for (const { topology, winners } of vhosts) {
      for (const kind of ['policy', 'operator-policy'] as const) {
        const policies = kind === 'policy' ? winners.policies : winners.operatorPolicies
        const pairs = new Map<string, Shadow>()
        for (const queue of topology.queues) {
          const matching = policies.matching(queue)
          if (matching.length < 2) continue
          const applicable = matching
            .flatMap(({ policy, certain }) => (certain ? [policy] : []))
            .toSorted((a, b) => b.priority - a.priority)
          const [winner, second] = applicable
          // If two policies have the same priority, it is undefined which one applies. Another rule reports them.
          if (winner === undefined || second === undefined || winner.priority === second.priority) continue
          for (const other of applicable.slice(1)) {
            const lost = Object.keys(other.definition).filter((key) => !Object.hasOwn(winner.definition, key))
            const key = JSON.stringify([winner.name, other.name])
            if (lost.length === 0 || pairs.has(key)) continue
            pairs.set(key, { winner, other, lost, example: addressOf('queue', queue) })
          }
        }
        for (const { winner, other, lost, example } of pairs.values()) {
          if (winner.external) continue
          yield about(
            kind,
            winner,
            `policy "${winner.name}" replaces policy "${other.name}" on ${example}, which so loses ${lost.toSorted().join(', ')}: RabbitMQ merges no policies`,
            'repeat the keys in the policy of higher priority, or narrow one of the two patterns',
          )
        }
      }
    }
  },
}

interface Shadow {
  readonly winner: Policy
  readonly other: Policy
  /** The keys that the queue does not get. */
  readonly lost: readonly string[]
  /** A queue that both match. */
  readonly example: string
}
