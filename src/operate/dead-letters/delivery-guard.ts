import { WarrenError } from '../../diagnostics/warren-error.ts'
import { address } from '../../model/address.ts'
import { isAtLeast } from '../../model/broker-version.ts'

/**
 * Refuses a queue that the broker deletes when warren stops to consume it: `auto-delete` counts any consumer.
 *
 * @throws {WarrenError} `QUEUE_DELETES_ITSELF`
 */
export function requireLasting(vhost: string, queue: string, isAutoDelete: boolean): void {
  if (!isAutoDelete) return
  throw new WarrenError(
    `${address('queue', vhost, queue)} is an auto-delete queue: the broker would delete it with its messages after warren has read them`,
    {
      code: 'QUEUE_DELETES_ITSELF',
      hint: 'let dead letters go to a queue that is not auto-delete; only its own consumer can read the messages of this one',
    },
  )
}

/** The properties of a queue that limit how often it delivers a message before it drops the message. */
export interface DeliveryRule {
  readonly type: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** The definitions of the policies and operator policies that apply to the queue. */
  readonly policies: readonly Readonly<Record<string, unknown>>[]
  /** The version of the broker. */
  readonly version: string
}

/** From this version on, a requeue by `basic.nack` does not count. */
const NACK_IS_FREE_SINCE = '4.3.0'
/** The limit of a quorum queue that sets none, from 4.0 on. */
const DEFAULT_LIMIT = 20
/** More looks than anyone takes manually. */
const ENOUGH = 1_000

/**
 * How many times the messages of a queue can be looked at before the broker drops them. Classic queues do not count; quorum
 * queues do, and before RabbitMQ 4.3 they count every requeue.
 */
export function looksOf({ type, arguments: table, policies, version }: DeliveryRule): number {
  if (type !== 'quorum' || isAtLeast(version, NACK_IS_FREE_SINCE)) return Infinity
  const limits = [table['x-delivery-limit'], ...policies.map((policy) => policy['delivery-limit'])]
  const set = limits.filter((each) => typeof each === 'number')
  const isFour = isAtLeast(version, '4.0.0')
  if (set.length === 0) return isFour ? DEFAULT_LIMIT : Infinity
  const limit = Math.min(...set)
  // Before 4.0 a negative limit drops a message at its first return.
  return limit < 0 ? (isFour ? Infinity : 0) : limit
}

/**
 * @throws {WarrenError} `DELIVERY_LIMIT` when looking at the messages of this queue would use up their deliveries
 */
export function requireLooks(vhost: string, queue: string, rule: DeliveryRule): void {
  const looks = looksOf(rule)
  if (looks >= ENOUGH) return
  throw new WarrenError(
    `${address('queue', vhost, queue)} delivers a message ${looks + 1} times, then drops it, and RabbitMQ ${rule.version} counts every look`,
    {
      code: 'DELIVERY_LIMIT',
      hint: 'set deliveryLimit: 1000000 on it, as warren does on the queues that it creates, or pass --use-deliveries',
    },
  )
}
