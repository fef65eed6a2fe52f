import { isKeptFrom, policyKey } from '../broker-tables/policy-keys.ts'

/**
 * The effects of policy keys, by type of queue (RabbitMQ docs, Policies; rabbit_policies and the queue types'
 * `capabilities`).
 */

/**
 * The keys of a definition because of which the whole policy does not apply to a type of queue
 * (`unsupported_policies`).
 *
 * @param version the version of the broker; if it is absent, the newest one
 */
export function keysNotFor(type: string, definition: Readonly<Record<string, unknown>>, version?: string): string[] {
  return Object.keys(definition).filter((key) => {
    const row = policyKey(key)
    return row !== undefined && isKeptFrom(row, type, version)
  })
}

/** If both an argument and a policy set a number, the smaller one applies (rabbit_amqqueue_process:res_min, rabbit_queue_type_util). */
const SMALLER_HOLDS = new Set(['expires', 'message-ttl', 'max-length', 'max-length-bytes', 'delivery-limit'])

/** Keys for which a policy takes precedence over the argument, by type of queue. */
const POLICY_HOLDS: Readonly<Record<string, readonly string[]>> = {
  quorum: ['overflow'],
  stream: ['max-age', 'max-length-bytes', 'stream-max-segment-size-bytes', 'stream-filter-size-bytes'],
}

/** The effective value if both a queue's argument and a policy set it. */
export function effectiveValue(type: string, key: string, argument: unknown, policy: unknown): unknown {
  if (POLICY_HOLDS[type]?.includes(key)) return policy
  if (SMALLER_HOLDS.has(key) && typeof argument === 'number' && typeof policy === 'number') {
    // A negative delivery limit means no limit.
    return argument < 0 || policy < 0 ? Math.max(argument, policy) : Math.min(argument, policy)
  }
  return argument
}

/** The arguments that a policy can set on queues without them; their names in a policy have no `x-`. */
const SETTABLE = new Set([
  'message-ttl',
  'expires',
  'max-length',
  'max-length-bytes',
  'overflow',
  'dead-letter-exchange',
  'dead-letter-routing-key',
  'dead-letter-strategy',
  'delivery-limit',
  'max-age',
  'stream-max-segment-size-bytes',
])

/** The policy key for a queue argument; undefined if only the argument can set it. */
export function policyKeyOf(argument: string): string | undefined {
  const key = argument.replace(/^x-/, '')
  return argument.startsWith('x-') && SETTABLE.has(key) ? key : undefined
}
