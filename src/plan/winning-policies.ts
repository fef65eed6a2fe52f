import type { Policy, Queue } from '../model/topology.ts'
import { keysNotFor } from './policy-keys.ts'
import { PolicyIndex } from './policy-index.ts'

/** A policy that holds for a queue, or may. */
export interface Winner {
  readonly policy: Policy
  /** False where its pattern cannot be evaluated here. */
  readonly certain: boolean
}

/** Of each of the two one holds at a time. */
export interface WinnersOfBoth {
  readonly policies: WinningPolicies
  readonly operatorPolicies: WinningPolicies
}

/** The policies, or operator policies, of which one wins for each queue. */
export class WinningPolicies {
  readonly #index: PolicyIndex<Policy>

  constructor(policies: readonly Policy[]) {
    this.#index = new PolicyIndex(policies, (policy) => policy)
  }

  /** The policy with the highest priority holds; which of several with the same, or of those that may match, is open. */
  of(queue: Queue): Winner[] {
    const matching = this.#index
      .matching({ kind: 'queue', ...queue })
      .filter(({ item }) => keysNotFor(queue.type ?? 'classic', item.definition).length === 0)
    const highest = Math.max(...matching.filter(({ certain }) => certain).map(({ item }) => item.priority))
    return matching
      .filter(({ item }) => item.priority >= highest)
      .map(({ item, certain }) => ({ policy: item, certain }))
  }
}
