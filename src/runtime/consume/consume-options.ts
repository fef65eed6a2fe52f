import type { Rate, StreamOffset, Subscription } from '../../model/routes.ts'
import { unknownOption, unknownOptionHint } from '../option-names.ts'
import type { OptionNames } from '../option-names.ts'
import { RateLimit } from '../../broker/amqp/rate-limit.ts'
import { RouteError } from '../routes/route-error.ts'

/** How one running subscription differs from what the topology declares. */
export interface ConsumeOptions {
  /**
   * How many unacknowledged deliveries the broker may have outstanding here. Default: the declared one, else twice
   * the concurrency, at most 300 (more only costs memory). With a rate limit it is lowered so far that the
   * last delivery begins within 10 minutes: the broker takes the channel away after 30.
   */
  readonly prefetch?: number
  /** How many handlers may run at once. Default: the declared one, else 10, on a stream 1; never more than the prefetch. */
  readonly concurrency?: number
  /** A `RateLimit` is shared by all subscriptions that it is given to. Default: the declared one, else none. */
  readonly rateLimit?: Rate | RateLimit
  /**
   * How long one handler may take, in milliseconds. Default: the declared one, else so long that it ends 25 minutes after
   * the delivery arrived. A broker whose `consumer_timeout` is not 30 minutes needs one to match.
   */
  readonly timeout?: number
  /** Where to begin in a stream. Default: the declared place, else what is published from now on. */
  readonly offset?: StreamOffset
  /**
   * From how many returns on a message of a quorum queue is put aside as `poison`, without running the handler.
   * Default 15: below the limit of 20 at which RabbitMQ 4 does so without giving a reason; with `mode: native` the number of
   * retries.
   */
  readonly poisonAfter?: number
}

export const CONSUME_OPTIONS: OptionNames<ConsumeOptions> = {
  prefetch: true,
  concurrency: true,
  rateLimit: true,
  timeout: true,
  offset: true,
  poisonAfter: true,
}

/** With all defaults filled in. */
export interface ConsumeSettings {
  readonly prefetch: number
  readonly concurrency: number
  readonly rateLimit: RateLimit | undefined
  readonly timeout: number
  readonly timeoutFromReceipt: boolean
  readonly offset: StreamOffset | undefined
  readonly isStream: boolean
  readonly poisonAfter: number
}

const DEFAULT_CONCURRENCY = 10
const LARGEST_DEFAULT_PREFETCH = 300
/** The protocol has 16 bits for it, and 0 would be no limit at all. */
const LARGEST_PREFETCH = 65_535
const DEFAULT_TIMEOUT = 25 * 60_000
const LONGEST_WAIT_FOR_RATE = 10 * 60_000
const POISON_AFTER = 15
/** Timers of Node.js turn more than this into no time at all. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** Puts together what the topology and the program say about a subscription. */
export function consumeSettings(subscription: Subscription, options: ConsumeOptions): ConsumeSettings {
  const offset = options.offset ?? subscription.offset
  const isStream = subscription.queueType === 'stream' || offset !== undefined
  const rateLimit = limitOf(options.rateLimit ?? subscription.rateLimit)
  if (options.offset !== undefined) checkOffset(options.offset)
  const concurrency = options.concurrency ?? subscription.concurrency
  const wanted = options.prefetch ?? subscription.prefetch
  const perRun = concurrency ?? (isStream ? 1 : DEFAULT_CONCURRENCY)
  const prefetch = lowerForRate(
    whole('prefetch', wanted ?? Math.min(LARGEST_DEFAULT_PREFETCH, Math.max(2 * perRun, 2)), LARGEST_PREFETCH),
    rateLimit?.rate,
  )
  const timeout = options.timeout ?? subscription.timeout
  return {
    prefetch,
    concurrency: Math.min(whole('concurrency', perRun, LARGEST_PREFETCH), prefetch),
    rateLimit,
    timeout: whole('timeout', timeout ?? DEFAULT_TIMEOUT, LONGEST_TIMEOUT),
    timeoutFromReceipt: timeout === undefined,
    offset,
    isStream,
    poisonAfter: whole('poisonAfter', options.poisonAfter ?? poisonAfter(subscription), Number.MAX_SAFE_INTEGER),
  }
}

/** Where the broker counts the tries, those that it gives are none too many. */
function poisonAfter({ failure }: Subscription): number {
  return failure.kind === 'native' ? failure.attempts : POISON_AFTER
}

function limitOf(limit: Rate | RateLimit | undefined): RateLimit | undefined {
  return limit === undefined || limit instanceof RateLimit ? limit : new RateLimit(limit)
}

/** A place that is written otherwise would be taken for "what is published from now on". */
function checkOffset(offset: StreamOffset): void {
  const isPlace =
    ['first', 'last', 'next'].includes(offset.kind) ||
    (offset.kind === 'offset' && Number.isSafeInteger(offset.offset) && offset.offset >= 0) ||
    (offset.kind === 'time' && Number.isFinite(offset.time))
  if (isPlace) return
  throw new RangeError(
    `offset must be such as { kind: 'first' }, { kind: 'offset', offset: 5 } or { kind: 'time', time: Date.now() }, not ${JSON.stringify(offset)}`,
  )
}

function lowerForRate(prefetch: number, rate: Rate | undefined): number {
  if (!rate) return prefetch
  return Math.max(1, Math.min(prefetch, Math.floor((rate.count * LONGEST_WAIT_FOR_RATE) / rate.per)))
}

function whole(name: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new RangeError(`${name} must be a whole number from 1 to ${most}, not ${value}`)
  }
  return value
}

/** Throws what the compiler would have said: many programs are not compiled. */
export async function checkConsume(subscription: string, handler: unknown, options: ConsumeOptions): Promise<void> {
  if (typeof handler !== 'function') {
    throw new RouteError(
      subscription,
      `consume("${subscription}") needs a handler`,
      'give a function as the second argument',
    )
  }
  const unknown = unknownOption(options, CONSUME_OPTIONS)
  if (unknown === undefined) return
  const hint = await unknownOptionHint(unknown, CONSUME_OPTIONS)
  throw new RouteError(subscription, `consume("${subscription}") has no option "${unknown}"`, hint)
}
