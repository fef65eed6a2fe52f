import type { Queue } from '../../model/topology.ts'
import type { WinnersOfBoth } from '../../model/policies/winning-policies.ts'

/** The policy keys that limit the length of a queue. */
export type LengthKey = 'max-length' | 'max-length-bytes'

/**
 * Whether a full queue drops its oldest messages instead of rejecting new ones. On a quorum queue, a policy takes
 * precedence over the argument, and `reject-publish-dlx` also drops the oldest. On a classic queue, the argument
 * takes precedence. If several policies may apply, one that makes the queue drop messages is sufficient.
 */
export function dropsOldest(queue: Queue, winners: WinnersOfBoth): boolean {
  const argument = queue.arguments['x-overflow']
  const ofPolicies = definitionsFor(queue, winners).flatMap(({ overflow }) =>
    overflow === undefined ? [] : [overflow],
  )
  const isQuorum = queue.type === 'quorum'
  const refuses = (overflow: unknown): boolean =>
    overflow === 'reject-publish' || (!isQuorum && overflow === 'reject-publish-dlx')
  if (ofPolicies.length === 0 || (!isQuorum && argument !== undefined)) return !refuses(argument)
  return !ofPolicies.every(refuses)
}

/** The lowest limit that an argument or a policy sets for a queue; `Infinity` if there is none. */
export function limitOf(queue: Queue, key: LengthKey, winners: WinnersOfBoth): number {
  const values = [queue.arguments[`x-${key}`], ...definitionsFor(queue, winners).map((each) => each[key])]
  return Math.min(...values.filter(isLimit))
}

function isLimit(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

function definitionsFor(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth) {
  return [...policies.of(queue), ...operatorPolicies.of(queue)].map(({ policy }) => policy.definition)
}
