import { withCode } from '../../diagnostics/error-code.ts'
import type { Rate, StreamOffset, Subscription } from '../../model/routes.ts'
import { unknownOption, unknownOptionHint } from '../option-names.ts'
import type { OptionNames } from '../option-names.ts'
import { RateLimit } from '../../broker/amqp/rate-limit.ts'
import type { OffsetStore } from '../offsets/offset-store.ts'
import { RouteError } from '../routes/route-error.ts'
import { type VersionReader, type Upcasters, versionReader } from './reading/message-versions.ts'

/** Options that override the declaration of one subscription. */
export interface ConsumeOptions {
  /**
   * The maximum number of unacknowledged deliveries. Default: the declared one, or twice the concurrency, at most 300
   * (more only costs memory). A rate limit lowers it so that the last delivery begins within 10 minutes, because the
   * broker closes the channel after 30.
   */
  readonly prefetch?: number
  /**
   * The maximum number of concurrent handlers. Default: the declared one, or 10, and 1 on a stream; never more than
   * the prefetch.
   */
  readonly concurrency?: number
  /** A `RateLimit` is shared by all subscriptions that receive it. Default: the declared one, or none. */
  readonly rateLimit?: Rate | RateLimit
  /**
   * How long one handler may take, in milliseconds. Default: the declared time, else until 25 minutes after the delivery
   * arrived. If `consumer_timeout` of the broker is not 30 minutes, set a matching value.
   */
  readonly timeout?: number
  /** Where to start in a stream. Default: the declared offset, or messages published from now on. */
  readonly offset?: StreamOffset
  /**
   * Stores the position of the subscription in a stream, so that the next run continues there: `postgresOffsets`,
   * `redisOffsets` or `fileOffsets` of `warren/offsets`. A kept offset takes precedence over `offset`. Messages that
   * were handled in the last second before a crash are handled again. Required for a super stream.
   */
  readonly offsets?: OffsetStore
  /**
   * The maximum number of returns to a quorum queue before the runtime dead-letters a message as `poison`, without
   * running the handler. Default 15: below the limit of 20 at which RabbitMQ 4 dead-letters or drops it without a
   * reason; with `mode: native`, the number of retries.
   */
  readonly poisonAfter?: number
  /**
   * Converts bodies of older versions, for a subscription whose `message.accepts` lists them: by version, each to the next
   * accepted one. The schema is checked after that. Required for every accepted version below `message.version`.
   */
  readonly upcast?: Upcasters
}

export const CONSUME_OPTIONS: OptionNames<ConsumeOptions> = {
  prefetch: true,
  concurrency: true,
  rateLimit: true,
  timeout: true,
  offset: true,
  offsets: true,
  poisonAfter: true,
  upcast: true,
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
  readonly toCurrent: VersionReader | undefined
}

const DEFAULT_CONCURRENCY = 10
const LARGEST_DEFAULT_PREFETCH = 300
/** The protocol uses 16 bits, and 0 means no limit. */
export const LARGEST_PREFETCH = 65_535
const DEFAULT_TIMEOUT = 25 * 60_000
const LONGEST_WAIT_FOR_RATE = 10 * 60_000
const POISON_AFTER = 15
/** Node.js fires timers with a longer delay immediately. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** Merges the declaration of a subscription with the options of the program. */
export function consumeSettings(subscription: Subscription, options: ConsumeOptions): ConsumeSettings {
  const offset = options.offset ?? subscription.offset
  if (subscription.sharing) checkSharing(subscription, options)
  if (options.offsets !== undefined) checkStream(subscription)
  const isStream = subscription.queueType === 'stream' || offset !== undefined || options.offsets !== undefined
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
    toCurrent: versionReader(subscription, options.upcast),
  }
}

/** With `mode: native` the broker counts the attempts, and all declared ones are allowed. */
function poisonAfter({ failure }: Subscription): number {
  return failure.kind === 'native' ? failure.attempts : POISON_AFTER
}

function limitOf(limit: Rate | RateLimit | undefined): RateLimit | undefined {
  return limit === undefined || limit instanceof RateLimit ? limit : new RateLimit(limit)
}

/** Without stored offsets, the worker that takes a partition over would begin elsewhere than the one before it ended. */
function checkSharing({ name, queue }: Subscription, { offset, offsets }: ConsumeOptions): void {
  if (offsets === undefined) {
    throw new RouteError(
      'INVALID_OPTION',
      name,
      `consume("${name}"): a subscription to the super stream "${queue}" needs a store of offsets, with which another worker continues`,
      'pass the option offsets: postgresOffsets or redisOffsets of warren/offsets',
    )
  }
  if (offset === undefined || offset.kind === 'first' || offset.kind === 'time') return
  throw new RouteError(
    'INVALID_OPTION',
    name,
    `consume("${name}"): a subscription to a super stream begins at { kind: 'first' } or a time, not ${JSON.stringify(offset)}`,
    'a worker that takes a partition over before an offset is stored could leave messages out',
  )
}

/** A queue of another type has no offsets. Without a declared type it may be a stream. */
function checkStream({ name, queue, queueType }: Subscription): void {
  if (queueType === undefined || queueType === 'stream') return
  throw new RouteError(
    'INVALID_OPTION',
    name,
    `consume("${name}"): the queue "${queue}" is not a stream, so it has no offsets to store`,
    'leave out the option offsets: the broker removes a message when it is acknowledged',
  )
}

/** Refuses other forms, which would silently mean "messages published from now on". */
function checkOffset(offset: StreamOffset): void {
  const isPlace =
    ['first', 'last', 'next'].includes(offset.kind) ||
    (offset.kind === 'offset' && Number.isSafeInteger(offset.offset) && offset.offset >= 0) ||
    (offset.kind === 'time' && Number.isFinite(offset.time))
  if (isPlace) return
  throw withCode(
    'INVALID_OPTION',
    new RangeError(
      `offset must be such as { kind: 'first' }, { kind: 'offset', offset: 5 } or { kind: 'time', time: Date.now() }, not ${JSON.stringify(offset)}`,
    ),
  )
}

function lowerForRate(prefetch: number, rate: Rate | undefined): number {
  if (!rate) return prefetch
  return Math.max(1, Math.min(prefetch, Math.floor((rate.count * LONGEST_WAIT_FOR_RATE) / rate.per)))
}

function whole(name: string, value: number, most: number): number {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw withCode('INVALID_OPTION', new RangeError(`${name} must be a whole number from 1 to ${most}, not ${value}`))
  }
  return value
}

/** Checks at run time what the compiler would report, because many programs are not compiled. */
export async function checkConsume(
  route: string,
  handler: unknown,
  options: object,
  method: 'consume' | 'respond' = 'consume',
): Promise<void> {
  const call = `${method}("${route}")`
  checkHandler(route, call, handler, 'second')
  await checkOptionNames(route, call, options, CONSUME_OPTIONS)
}

/** Throws a `RouteError` unless the handler is a function. */
export function checkHandler(subscription: string, call: string, handler: unknown, position: 'second' | 'third'): void {
  if (typeof handler === 'function') return
  const hint = `give a function as the ${position} argument`
  throw new RouteError('INVALID_OPTION', subscription, `${call} needs a handler`, hint)
}

/** Throws a `RouteError` for an option that does not exist. */
export async function checkOptionNames(
  subscription: string,
  call: string,
  options: object,
  known: Readonly<Record<string, true>>,
): Promise<void> {
  const unknown = unknownOption(options, known)
  if (unknown === undefined) return
  const hint = await unknownOptionHint(unknown, known)
  throw new RouteError('INVALID_OPTION', subscription, `${call} has no option "${unknown}"`, hint)
}
