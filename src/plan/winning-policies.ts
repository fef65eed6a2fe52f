import type { Policy, Queue } from '../model/topology.ts'
import { keysNotFor } from './policy-keys.ts'
import { policyMatches } from './policy-matches.ts'

/** A policy that holds for a queue, or may. */
export interface Winner {
  readonly policy: Policy
  /** False where its pattern cannot be evaluated here. */
  readonly certain: boolean
}

/** The policy with the highest priority holds; which of several with the same, or of those that may match, is open. */
export function winningPolicies(queue: Queue, policies: readonly Policy[]): Winner[] {
  const matching = policies
    .filter(
      ({ vhost, definition }) => vhost === queue.vhost && keysNotFor(queue.type ?? 'classic', definition).length === 0,
    )
    .flatMap((policy): Winner[] => {
      const matches = policyMatches(policy, { kind: 'queue', ...queue })
      return matches === false ? [] : [{ policy, certain: matches === true }]
    })
  const highest = Math.max(...matching.filter(({ certain }) => certain).map(({ policy }) => policy.priority))
  return matching.filter(({ policy }) => policy.priority >= highest)
}
