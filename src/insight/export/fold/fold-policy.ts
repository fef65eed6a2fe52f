import { addressOf } from '../../../model/address.ts'
import { failedExchangeName } from '../../../model/generated-names.ts'
import type { Policy, Queue } from '../../../model/topology.ts'
import { literally } from '../../../model/values/name-pattern.ts'
import type { VhostLookup } from '../topology-lookup.ts'

/** The priority of the policies of `deadLetter: { by: policy }`. */
const PRIORITY = 100

const ROUTE = ['dead-letter-exchange', 'dead-letter-routing-key', 'dead-letter-strategy'] as const

/** A queue with the arguments that correspond to its policy of `deadLetter: { by: policy }`. */
export interface RoutedByPolicy {
  readonly queue: Queue
  /** The address of the policy. */
  readonly policy: string
}

/**
 * Finds the policy that dead-letters the messages of a queue in the way of `by: policy`. The policy may have more keys,
 * from a policy that it displaces. The plan checks whether these keys are equal.
 */
export function routedByPolicy(queue: Queue, lookup: VhostLookup): RoutedByPolicy | undefined {
  const policy = lookup.policies.get(failedExchangeName(queue.name))
  if (policy === undefined || !isForOneQueue(policy, queue.name)) return undefined
  if (ROUTE.some((key) => Object.hasOwn(queue.arguments, `x-${key}`))) return undefined
  const keys = [...ROUTE, ...(Object.hasOwn(queue.arguments, 'x-overflow') ? [] : ['overflow'])]
  const added = keys.flatMap((key) =>
    Object.hasOwn(policy.definition, key) ? [[`x-${key}`, policy.definition[key]] as const] : [],
  )
  return {
    queue: { ...queue, arguments: { ...queue.arguments, ...Object.fromEntries(added) } as Queue['arguments'] },
    policy: addressOf('policy', policy),
  }
}

function isForOneQueue({ pattern, applyTo, priority }: Policy, queue: string): boolean {
  return pattern === `^${literally(queue).join('')}$` && applyTo === 'queues' && priority === PRIORITY
}
