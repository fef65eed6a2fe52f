import { isAtLeast } from '../broker-version.ts'
import type { Binding } from '../topology.ts'

/** rabbit_exchange_type_consistent_hash: the weight is read by `list_to_integer`, and has to be above 0. */
const WEIGHT = /^\+?0*[1-9][0-9]*$/

/** rabbit_exchange_type_consistent_hash: before this release, every weight is accepted. */
const LARGEST_WEIGHT = 10_000
const WEIGHT_LIMITED_SINCE = '4.2.6'
/** The maximum number of `#` in a key (rabbit_exchange_type_topic); before this release, there is no limit. */
const MOST_WILDCARDS = 2
const WILDCARDS_LIMITED_SINCE = '4.3.5'

/** Whether every version refuses a routing key for a binding of an exchange of this type. */
export function isRefusedWeight(type: string | undefined, routingKey: string): boolean {
  return type === 'x-consistent-hash' && !WEIGHT.test(routingKey)
}

/** The limit of a version for a routing key, and the actual value. */
export interface KeyLimit {
  readonly limits: 'weight' | 'wildcards'
  readonly limit: number
}

/** The limit of a version that a routing key of a binding exceeds; undefined if it exceeds none. */
export function exceededKeyLimit(type: string, routingKey: string, version: string): KeyLimit | undefined {
  if (type === 'x-consistent-hash') {
    const isOver = Number(routingKey) > LARGEST_WEIGHT && isAtLeast(version, WEIGHT_LIMITED_SINCE)
    return isOver ? { limits: 'weight', limit: LARGEST_WEIGHT } : undefined
  }
  if (type !== 'topic' || !isAtLeast(version, WILDCARDS_LIMITED_SINCE)) return undefined
  const isOver = routingKey.split('.').filter((word) => word === '#').length > MOST_WILDCARDS
  return isOver ? { limits: 'wildcards', limit: MOST_WILDCARDS } : undefined
}

/**
 * Whether RabbitMQ 3.10 to 4.3 creates a binding and then answers 500 to every list of bindings that contains it: it
 * has arguments, and a `~` before the end of its routing key (rabbit_mgmt_format, quote_binding).
 */
export function isUnlistable({ routingKey, arguments: table }: Pick<Binding, 'routingKey' | 'arguments'>): boolean {
  return Object.keys(table).length > 0 && routingKey.includes('~') && !routingKey.endsWith('~')
}

/**
 * Why every version refuses a binding of an x-local-random exchange, because of its key or its destination; undefined
 * if it is valid.
 */
export function localRandomProblem(
  type: string | undefined,
  { routingKey, destinationType, queueType }: LocalRandomBinding,
): 'key' | 'destination' | undefined {
  if (type !== 'x-local-random') return undefined
  if (routingKey !== '') return 'key'
  return destinationType === 'queue' && (queueType ?? 'classic') === 'classic' ? undefined : 'destination'
}

interface LocalRandomBinding extends Pick<Binding, 'routingKey' | 'destinationType'> {
  /** Absent if the vhost determines it. */
  readonly queueType: string | undefined
}
