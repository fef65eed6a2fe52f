import { withCode } from '../../diagnostics/error-code.ts'
import type { IdempotencyStore } from '../idempotency/idempotency-store.ts'
import type { Routes } from '../../model/routes.ts'

/** How duplicates are detected, on subscriptions with `idempotencyKey`. */
export interface IdempotencyOptions {
  /**
   * The store in which workers mark the messages that they are handling or have handled, see `warren/idempotency`.
   * Default: the memory of this process, which detects only duplicates that this process receives.
   */
  readonly store?: IdempotencyStore
  /**
   * How long a message remains marked as done, in milliseconds. Default 86,400,000: one day. Choose it longer than the
   * time until a retry, an outbox or a replay can deliver the message again.
   */
  readonly ttl?: number
  /**
   * How long a worker that died keeps the lease of its message, in milliseconds. Default 30,000. A live worker renews
   * its lease after one third of this time.
   */
  readonly lease?: number
}

/** With all defaults filled in. */
export interface IdempotencySettings extends Required<IdempotencyOptions> {
  /** Whether the program has chosen the store. */
  readonly isChosen: boolean
}

const DAY = 24 * 60 * 60_000
const DEFAULT_LEASE = 30_000
const SHORTEST_LEASE = 1_000
/** Node.js fires timers with a longer delay immediately. In milliseconds. */
const LONGEST_LEASE = 2 ** 31 - 1

/** Undefined if no subscription needs it. The store in memory is loaded only if it is used. */
export async function idempotencySettings(
  routes: Routes,
  options: IdempotencyOptions | false = {},
): Promise<IdempotencySettings | undefined> {
  const { ttl = DAY, lease = DEFAULT_LEASE } = options || {}
  checkTime('ttl', ttl, 1, Number.MAX_SAFE_INTEGER)
  checkTime('lease', lease, SHORTEST_LEASE, LONGEST_LEASE)
  if (options === false || !routes.subscriptions.some((each) => each.idempotencyKey !== undefined)) return undefined
  const store = options.store ?? (await import('../idempotency/memory-store.ts')).memoryStore()
  return { store, ttl, lease, isChosen: options.store !== undefined }
}

function checkTime(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw withCode(
    'INVALID_OPTION',
    new RangeError(`idempotency.${name} must be whole milliseconds from ${least} to ${most}, not ${value}`),
  )
}
