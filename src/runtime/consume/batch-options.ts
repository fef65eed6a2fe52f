import type { Subscription } from '../../model/routes.ts'
import type { OptionNames } from '../option-names.ts'
import { RouteError } from '../routes/route-error.ts'
import { checkHandler, checkOptionNames, CONSUME_OPTIONS, LARGEST_PREFETCH } from './consume-options.ts'
import type { ConsumeOptions } from './consume-options.ts'

/** Options of `consumeBatch`. */
export interface BatchOptions extends Omit<ConsumeOptions, 'concurrency' | 'timeout'> {
  /** The largest number of messages in a batch: from 1 to 10,000. */
  readonly size: number
  /**
   * How long the first message of a batch waits for others, in milliseconds: from 0 to a minute. Default 1,000. With 0, a batch
   * holds the messages that have arrived together.
   */
  readonly maxWait?: number
  /** The maximum number of batches that are handled at once. Default 1. */
  readonly concurrency?: number
  /**
   * The maximum number of unacknowledged deliveries; at least `size` times `concurrency`. Default: the declared one, or twice that.
   */
  readonly prefetch?: number
  /**
   * How long a message may take from joining a batch to the end of the handler, in milliseconds. Default: the declared time,
   * else until 25 minutes after the delivery arrived.
   */
  readonly timeout?: number
}

export const BATCH_OPTIONS: OptionNames<BatchOptions> = { ...CONSUME_OPTIONS, size: true, maxWait: true }

/** With all defaults filled in. */
export interface BatchSettings {
  readonly size: number
  /** In milliseconds. */
  readonly maxWait: number
  /** How many batches are handled at once. */
  readonly concurrency: number
}

const LARGEST_BATCH = 10_000
const DEFAULT_WAIT = 1_000
const LONGEST_WAIT = 60_000

/** The settings of the batches, and the options with which their messages are consumed: each message occupies a slot of its own. */
export function batchSettings(
  { name, prefetch: declared }: Subscription,
  { size, maxWait = DEFAULT_WAIT, concurrency = 1, prefetch = declared, ...options }: BatchOptions,
): BatchSettings & { readonly options: ConsumeOptions } {
  const check = (option: string, value: unknown, from: number, to: number) => {
    if (Number.isInteger(value) && Number(value) >= from && Number(value) <= to) return
    const what = `consumeBatch("${name}"): ${option} must be a whole number from ${from} to ${to}, not ${String(value)}`
    throw new RouteError('INVALID_OPTION', name, what, 'pass an option such as { size: 100, maxWait: 1_000 }')
  }
  check('size', size, 1, LARGEST_BATCH)
  check('maxWait', maxWait, 0, LONGEST_WAIT)
  check('concurrency', concurrency, 1, Math.floor(LARGEST_PREFETCH / size))
  const held = size * concurrency
  if (prefetch !== undefined && prefetch < held) {
    throw new RouteError(
      'INVALID_OPTION',
      name,
      `consumeBatch("${name}"): a prefetch of ${prefetch} never fills ${concurrency === 1 ? 'a batch' : `${concurrency} batches`} of ${size}`,
      `raise the prefetch of the subscription to ${held} or more, give the option prefetch, or lower size`,
    )
  }
  return {
    size,
    maxWait,
    concurrency,
    options: { ...options, concurrency: held, prefetch: prefetch ?? Math.min(2 * held, LARGEST_PREFETCH) },
  }
}

/** Checks at run time what the compiler would report, because many programs are not compiled. */
export async function checkConsumeBatch(subscription: string, options: unknown, handler: unknown): Promise<void> {
  const call = `consumeBatch("${subscription}")`
  if (typeof options !== 'object' || options === null) {
    const hint = 'pass an option such as { size: 100, maxWait: 1_000 } as the second argument'
    throw new RouteError('INVALID_OPTION', subscription, `${call} needs options`, hint)
  }
  checkHandler(subscription, call, handler, 'third')
  await checkOptionNames(subscription, call, options, BATCH_OPTIONS)
}
