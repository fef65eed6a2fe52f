import { ExitCode } from '../../diagnostics/exit-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { address } from '../../model/address.ts'
import { isAtLeast } from '../../model/broker-version.ts'

/** What decides how often a queue gives a message out before it drops it. */
export interface DeliveryRule {
  readonly type: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** The definitions of the policies that hold for the queue: the users', and the operators'. */
  readonly policies: readonly Readonly<Record<string, unknown>>[]
  /** The broker's. */
  readonly version: string
}

/** From this version on what is given back by `basic.nack` does not count. */
const NACK_IS_FREE_SINCE = '4.3.0'
/** What a quorum queue without a limit has from 4.0 on. */
const DEFAULT_LIMIT = 20
/** As many looks as nobody takes manually. */
const ENOUGH = 1_000

/**
 * How many times the messages of a queue can be looked at before the broker drops them. Classic queues do not count; quorum
 * queues do, before RabbitMQ 4.3 each time that a message is given back.
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
 * @throws {WarrenError} with exit code 4 when looking at the messages of this queue would use up what it gives them out
 */
export function requireLooks(vhost: string, queue: string, rule: DeliveryRule): void {
  const looks = looksOf(rule)
  if (looks >= ENOUGH) return
  throw new WarrenError(
    `${address('queue', vhost, queue)} gives a message out ${looks + 1} times, then drops it, and RabbitMQ ${rule.version} counts every look`,
    {
      exitCode: ExitCode.blocked,
      hint: 'set deliveryLimit: 1000000 on it, as warren does on the queues that it makes, or pass --use-deliveries',
    },
  )
}
