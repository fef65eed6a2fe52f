import { address } from '../../model/address.ts'
import type { Policy, Queue } from '../../model/topology.ts'
import { holdingQueue } from './holding-queue.ts'
import { dropsOldest, type LengthKey, limitOf } from './length-limits.ts'
import type { WinnersOfBoth } from '../../model/policies/winning-policies.ts'

/** Why the messages of a queue cannot be moved without a risk of losing some. */
export type HoldingProblem =
  /** Reading a stream removes no messages from it. */
  | { readonly problem: 'stream' }
  /** It is deleted with its last consumer, or when the broker stops. */
  | { readonly problem: 'auto-delete' }
  /** A policy would drop messages from the holding queue. */
  | {
      readonly problem: 'policy'
      readonly policy: string
      readonly keys: readonly string[]
      readonly holding: string
      /** Whether its pattern cannot be evaluated here, so that it is unknown whether it matches. */
      readonly uncertain: boolean
    }
  /** The new queue would drop messages that are moved to it. */
  | {
      readonly problem: 'new-queue-too-short'
      readonly key: LengthKey
      /** The number of messages or bytes, and the number that the new queue keeps. */
      readonly size: number
      readonly limit: number
    }

/** The size of a queue. Unknown numbers are absent. */
export interface QueueSize {
  readonly messages?: number
  readonly bytes?: number
}

/** A queue that is replaced or renamed together with its messages. */
export interface PlannedMove {
  readonly from: Queue
  readonly to: Queue
  readonly size: QueueSize
}

/**
 * Whether the messages of a queue can be moved through a holding queue without loss. No policy may delete the holding
 * queue, or let its messages expire earlier than in their own queue. Neither the holding queue nor the new one may
 * have too small a limit for them.
 *
 * @param winners the policies that apply now, or after the plan
 * @returns undefined if they can be moved
 */
export function holdingProblem({ from, to, size }: PlannedMove, both: WinnersOfBoth): HoldingProblem | undefined {
  if (from.type === 'stream') return { problem: 'stream' }
  if (from.autoDelete) return { problem: 'auto-delete' }
  const holding = holdingQueue(from)
  const drops = dropsOldest(holding, both)
  for (const [kind, winners] of [
    ['policy', both.policies],
    ['operator-policy', both.operatorPolicies],
  ] as const) {
    for (const { policy, certain } of winners.of(holding)) {
      const own = winners.of(from).find((each) => each.certain)?.policy
      const keys = lossyKeys(policy, { from, size, drops }, own)
      if (keys.length > 0) {
        const at = address(kind, policy.vhost, policy.name)
        return { problem: 'policy', policy: at, keys, holding: holding.name, uncertain: !certain }
      }
    }
  }
  return newQueueProblem(to, size, both)
}

/** With a lower limit, a holding queue could drop messages that a few interrupted runs have returned. */
const LOW_DELIVERY_LIMIT = 1_000

function lossyKeys(
  { definition }: Policy,
  { from, size, drops }: Pick<PlannedMove, 'from' | 'size'> & { readonly drops: boolean },
  own: Policy | undefined,
): string[] {
  const lossy = (key: string): boolean => {
    const value = definition[key]
    if (typeof value !== 'number') return false
    switch (key) {
      case 'expires':
        return true
      case 'max-length':
      case 'max-length-bytes':
        return value >= 0 && canReach(value, key === 'max-length' ? size.messages : size.bytes, drops)
      case 'delivery-limit':
        return value < LOW_DELIVERY_LIMIT
      case 'message-ttl': {
        // The time to live of a copy starts again, so with the same limit, a message lives at least as long as in its
        // own queue.
        const limits = [own?.definition[key], from.arguments[`x-${key}`]].filter((each) => typeof each === 'number')
        return !limits.some((each) => each <= value)
      }
      default:
        return false
    }
  }
  return Object.keys(definition).filter(lossy).toSorted()
}

/**
 * Whether the messages of a queue may reach a limit of its holding queue. A holding queue that rejects messages above
 * its limit loses none, but the move could not complete. If a policy makes it drop the oldest messages, it needs
 * twice the space, for messages that arrive meanwhile.
 */
function canReach(limit: number, size: number | undefined, drops: boolean): boolean {
  if (size === undefined) return drops
  return drops ? size * 2 >= limit : size >= limit
}

/** Whether a moved message would displace an older one in the new queue. */
function newQueueProblem(
  to: Queue,
  { messages, bytes }: QueueSize,
  winners: WinnersOfBoth,
): HoldingProblem | undefined {
  if (!dropsOldest(to, winners)) return undefined
  for (const [key, size] of [
    ['max-length', messages],
    ['max-length-bytes', bytes],
  ] as const) {
    const limit = limitOf(to, key, winners)
    if (size !== undefined && size > limit) return { problem: 'new-queue-too-short', key, size, limit }
  }
  return undefined
}
