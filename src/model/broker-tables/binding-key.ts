import { isAtLeast } from '../broker-version.ts'
import type { Binding } from '../topology.ts'

/** rabbit_exchange_type_consistent_hash: the weight is read by `list_to_integer`, and has to be above 0. */
const WEIGHT = /^\+?0*[1-9][0-9]*$/

/** The largest weight that 4.3 takes; 3.10 and 4.0 take every one. */
const LARGEST_WEIGHT = 10_000
/** How many words of a key may be `#`, from 4.3 on; before there was no limit. */
const MOST_WILDCARDS = 2
const LIMITED_SINCE = '4.3.0'

/** Whether no version takes a routing key for a binding of an exchange of this type. */
export function isRefusedWeight(type: string | undefined, routingKey: string): boolean {
  return type === 'x-consistent-hash' && !WEIGHT.test(routingKey)
}

/** What a version limits in a routing key, and how much of it the key has. */
export interface KeyLimit {
  readonly limits: 'weight' | 'wildcards'
  readonly limit: number
}

/** The limit of a version that a routing key of a binding exceeds; undefined when it exceeds none. */
export function exceededKeyLimit(type: string, routingKey: string, version: string): KeyLimit | undefined {
  if (!isAtLeast(version, LIMITED_SINCE)) return undefined
  if (type === 'x-consistent-hash' && Number(routingKey) > LARGEST_WEIGHT) {
    return { limits: 'weight', limit: LARGEST_WEIGHT }
  }
  const isOver = type === 'topic' && routingKey.split('.').filter((word) => word === '#').length > MOST_WILDCARDS
  return isOver ? { limits: 'wildcards', limit: MOST_WILDCARDS } : undefined
}

/**
 * Whether RabbitMQ, 3.10 to 4.3, makes a binding and then answers 500 to that and to every later list of bindings with it:
 * it has arguments, and its routing key has a `~` before its end (rabbit_mgmt_format, quote_binding).
 */
export function isUnlistable({ routingKey, arguments: table }: Pick<Binding, 'routingKey' | 'arguments'>): boolean {
  return Object.keys(table).length > 0 && routingKey.includes('~') && !routingKey.endsWith('~')
}
