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
  readonly #matching = new WeakMap<Queue, readonly Winner[]>()
  readonly #winners = new WeakMap<Queue, readonly Winner[]>()

  /** @param version the version of the broker; undefined without a broker */
  constructor(policies: readonly Policy[], version?: string) {
    this.#version = version
    this.#index = new PolicyIndex(policies, (policy) => policy)
  }

  /** The policy with the highest priority applies. With equal priorities, or uncertain matches, several may apply. */
  of(queue: Queue): readonly Winner[] {
    const known = this.#winners.get(queue)
    if (known !== undefined) return known
    const winners = highest(this.matching(queue))
    this.#winners.set(queue, winners)
    return winners
  }

  /** All policies that match a queue and that its type allows, in the given order, including those that do not win. */
  matching(queue: Queue): readonly Winner[] {
    const known = this.#matching.get(queue)
    if (known !== undefined) return known
    const { vhost, name, type } = queue
    const matching = this.#matchingTarget({ kind: 'queue', vhost, name, ...(type !== undefined && { type }) }).filter(
      ({ policy }) => keysNotFor(type ?? 'classic', policy.definition, this.#version).length === 0,
    )
    this.#matching.set(queue, matching)
    return matching
  }

  /** The same for an exchange; no key prevents a policy from applying to it. */
  ofExchange({ vhost, name }: Pick<Exchange, 'vhost' | 'name'>): readonly Winner[] {
    return highest(this.#matchingTarget({ kind: 'exchange', vhost, name }))
  }

  #matchingTarget(target: PolicyTarget): readonly Winner[] {
    return this.#index.matching(target).map(({ item, certain }) => ({ policy: item, certain }))
  }
}

function highest(matching: readonly Winner[]): readonly Winner[] {
  if (matching.length === 0) return matching
  const priority = Math.max(...matching.filter(({ certain }) => certain).map(({ policy }) => policy.priority))
  return matching.filter(({ policy }) => policy.priority >= priority)
}

const NO_WINNER = [undefined] as const

/** The policies of which one applies to an object; undefined in this list means that possibly none does. */
export function possibleWinners(winners: readonly Winner[]): readonly (Winner | undefined)[] {
  if (winners.length === 0) return NO_WINNER
  return winners.some(({ certain }) => certain) ? winners : [...winners, undefined]
}
