import { address } from '../model/address.ts'
import type { Policy, Queue } from '../model/topology.ts'
import { holdingQueue } from './holding-queue.ts'
import type { WinnersOfBoth } from './winning-policies.ts'

/** Why the messages of a queue cannot be moved without the danger of losing some. */
export type HoldingProblem =
  /** Reading a stream takes nothing out of it. */
  | { readonly problem: 'stream' }
  /** It goes with its last consumer, or with the broker. */
  | { readonly problem: 'auto-delete' }
  /** A policy would drop messages from the holding queue. */
  | {
      readonly problem: 'policy'
      readonly policy: string
      readonly keys: readonly string[]
      readonly holding: string
      /** Whether its pattern cannot be evaluated here, so that it only may match. */
      readonly uncertain: boolean
    }

/**
 * Whether the messages of a queue can wait in a holding queue without loss: no policy may shorten its life, or that of
 * the messages in it, more than that of the queue itself.
 *
 * @param from the queue
 * @param winners what is on the broker, or will be
 * @returns undefined when they can
 */
export function holdingProblem(from: Queue, { policies, operatorPolicies }: WinnersOfBoth): HoldingProblem | undefined {
  if (from.type === 'stream') return { problem: 'stream' }
  if (from.autoDelete) return { problem: 'auto-delete' }
  const holding = holdingQueue(from)
  for (const [kind, winners] of [
    ['policy', policies],
    ['operator-policy', operatorPolicies],
  ] as const) {
    for (const { policy, certain } of winners.of(holding)) {
      const own = winners.of(from).find((each) => each.certain)?.policy
      const keys = lossyKeys(policy, from, own)
      if (keys.length > 0) {
        const at = address(kind, policy.vhost, policy.name)
        return { problem: 'policy', policy: at, keys, holding: holding.name, uncertain: !certain }
      }
    }
  }
  return undefined
}

/** Below this a holding queue could drop what a few cut short runs have returned. */
const LOW_DELIVERY_LIMIT = 1_000

function lossyKeys({ definition }: Policy, from: Queue, own: Policy | undefined): string[] {
  const { overflow } = definition
  const refuses = typeof overflow === 'string' && overflow.startsWith('reject-publish')
  const lossy = (key: string): boolean => {
    const value = definition[key]
    if (typeof value !== 'number') return false
    switch (key) {
      case 'expires':
        return true
      case 'max-length':
      case 'max-length-bytes':
        // What a full queue refuses stays where it was.
        return value >= 0 && !refuses
      case 'delivery-limit':
        return value < LOW_DELIVERY_LIMIT
      case 'message-ttl': {
        // A copy begins anew, so a message lives no shorter than in its queue when that has the same limit.
        const limits = [own?.definition[key], from.arguments[`x-${key}`]].filter((each) => typeof each === 'number')
        return !limits.some((each) => each <= value)
      }
      default:
        return false
    }
  }
  return Object.keys(definition).filter(lossy).toSorted()
}
