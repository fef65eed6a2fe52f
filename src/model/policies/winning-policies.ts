import type { Exchange, Policy, Queue } from '../topology.ts'
import { PolicyIndex, type PolicyTarget } from './policy-index.ts'
import { keysNotFor } from './policy-keys.ts'

/** A policy that holds for an object, or may. */
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

/**
 * The policies and operator policies that hold.
 *
 * @param version of the broker, since versions differ in the policies that they keep from a type of queue; undefined
 *   where none is connected
 */
export function winnersOf(
  { policies, operatorPolicies }: { readonly [K in keyof WinnersOfBoth]: readonly Policy[] },
  version: string | undefined,
): WinnersOfBoth {
  return {
    policies: new WinningPolicies(policies, version),
    operatorPolicies: new WinningPolicies(operatorPolicies, version),
  }
}

/** The policies, or operator policies, of which one wins for each object. */
export class WinningPolicies {
  readonly #index: PolicyIndex<Policy>
  readonly #version: string | undefined
  /** Many rules ask for the same queues, and each answer tries all patterns. */
  readonly #known = new WeakMap<Queue, readonly Winner[]>()

  /** @param version of the broker; undefined where none is connected */
  constructor(policies: readonly Policy[], version?: string) {
    this.#version = version
    this.#index = new PolicyIndex(policies, (policy) => policy)
  }

  /** The policy with the highest priority applies. With equal priorities, or uncertain matches, several may. */
  of(queue: Queue): readonly Winner[] {
    const known = this.#known.get(queue)
    if (known !== undefined) return known
    const winners = this.#highest(
      { kind: 'queue', ...queue },
      ({ definition }) => keysNotFor(queue.type ?? 'classic', definition, this.#version).length === 0,
    )
    this.#known.set(queue, winners)
    return winners
  }

  /** The same of an exchange, which no key keeps a policy from. */
  ofExchange(exchange: Pick<Exchange, 'vhost' | 'name'>): Winner[] {
    return this.#highest({ kind: 'exchange', vhost: exchange.vhost, name: exchange.name }, () => true)
  }

  #highest(target: PolicyTarget, applies: (policy: Policy) => boolean): Winner[] {
    const matching = this.#index.matching(target).filter(({ item }) => applies(item))
    const highest = Math.max(...matching.filter(({ certain }) => certain).map(({ item }) => item.priority))
    return matching
      .filter(({ item }) => item.priority >= highest)
      .map(({ item, certain }) => ({ policy: item, certain }))
  }
}

/** The policies of which one holds for an object; undefined among them means that possibly none does. */
export function possibleWinners(winners: readonly Winner[]): readonly (Winner | undefined)[] {
  return winners.some(({ certain }) => certain) ? winners : [...winners, undefined]
}
