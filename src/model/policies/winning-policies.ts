import type { Exchange, Policy, Queue } from '../topology.ts'
import { PolicyIndex, type PolicyTarget } from './policy-index.ts'
import { keysNotFor } from './policy-keys.ts'

/** A policy that applies to an object, or may apply. */
export interface Winner {
  readonly policy: Policy
  /** False if its pattern cannot be evaluated here. */
  readonly certain: boolean
}

/** The policies and operator policies of which one each applies at a time. */
export interface WinnersOfBoth {
  readonly policies: WinningPolicies
  readonly operatorPolicies: WinningPolicies
}

/**
 * The policies and operator policies that apply.
 *
 * @param version the version of the broker, because versions differ in the policies that apply to a type of queue;
 *   undefined without a broker
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

/** The policies, or operator policies, of which one applies to each object. */
export class WinningPolicies {
  readonly #index: PolicyIndex<Policy>
  readonly #version: string | undefined
  /** Many rules ask for the same queues, and each answer tries all patterns. */
  readonly #known = new WeakMap<Queue, readonly Winner[]>()

  /** @param version the version of the broker; undefined without a broker */
  constructor(policies: readonly Policy[], version?: string) {
    this.#version = version
    this.#index = new PolicyIndex(policies, (policy) => policy)
  }

  /** The policy with the highest priority applies. With equal priorities, or uncertain matches, several may apply. */
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

  /** The same for an exchange; no key prevents a policy from applying to it. */
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

/** The policies of which one applies to an object; undefined in this list means that possibly none does. */
export function possibleWinners(winners: readonly Winner[]): readonly (Winner | undefined)[] {
  return winners.some(({ certain }) => certain) ? winners : [...winners, undefined]
}
