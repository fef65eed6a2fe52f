import type { Queue } from '../../../model/topology.ts'

/** The delayed retry of a quorum queue, in which the queue itself delays messages. */
export interface FoldedNativeRetry {
  /** The first wait, in milliseconds. */
  readonly min: number
  /** The longest wait, in milliseconds. */
  readonly max: number
  readonly attempts: number
  /** Whether a message is dropped after the last attempt. */
  readonly discards: boolean
}

const ARGUMENTS = ['x-delayed-retry-type', 'x-delayed-retry-min', 'x-delayed-retry-max'] as const
const MOST_ATTEMPTS = 1_000

/**
 * Finds the retry with `mode: native` that gives a queue its arguments. The broker shows the number of attempts only in
 * the delivery limit, which is two higher. With another limit, the function assumes the fewest attempts that reach the
 * longest delay.
 *
 * @param hasDeadLetter whether dead letters of the queue are kept
 */
export function foldNativeRetry({ type, arguments: table }: Queue, hasDeadLetter: boolean) {
  const [kind, min, max] = ARGUMENTS.map((name) => table[name])
  const limit = table['x-delivery-limit']
  if (type !== 'quorum' || kind !== 'failed' || !isWhole(min) || !isWhole(max) || !isWhole(limit)) return undefined
  const fewest = Math.ceil(max / min)
  if (max < min || fewest > Math.min(limit, MOST_ATTEMPTS)) return undefined
  const usual = limit - 2
  const says = hasDeadLetter && usual >= fewest && usual <= MOST_ATTEMPTS
  const retry: FoldedNativeRetry = { min, max, attempts: says ? usual : fewest, discards: !hasDeadLetter }
  return { retry, implied: [...ARGUMENTS, ...(says ? ['x-delivery-limit'] : [])] }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1
}
