import { withCode } from '../../diagnostics/error-code.ts'
import { LRUCache } from 'lru-cache'
import type { LeaseAnswer, IdempotencyStore } from './idempotency-store.ts'

const DEFAULT_MAX = 100_000

/** The holder of a lease, or `done`. */
type Mark = { readonly holder: string } | 'done'

/**
 * Stores keys in the memory of this process. It detects messages that are redelivered to the same process, and loses
 * all keys when the process ends.
 *
 * @param options.max the maximum number of keys; the least recently used ones are dropped (default 100,000)
 * @param options.now the clock for expiry, in milliseconds (default: the clock of the machine); never 0 or less
 */
export function memoryStore({ max = DEFAULT_MAX, now }: { max?: number; now?: () => number } = {}): IdempotencyStore {
  if (!Number.isInteger(max) || max < 1)
    throw withCode('INVALID_OPTION', new RangeError(`max must be a positive whole number, not ${max}`))
  // Marks expire to the millisecond; by default, the clock is read at most once a millisecond.
  const marks = new LRUCache<string, Mark>({ max, ttlResolution: 0, ...(now && { perf: { now } }) })

  function isHeldBy(mark: Mark | undefined, holder: string): boolean {
    return mark !== undefined && mark !== 'done' && mark.holder === holder
  }

  function acquire(key: string, holder: string, lease: number): LeaseAnswer {
    const mark = marks.get(key)
    if (mark === 'done') return 'done'
    if (mark !== undefined && !isHeldBy(mark, holder)) return 'busy'
    marks.set(key, { holder }, { ttl: lease })
    return 'acquired'
  }

  return {
    acquire: (key, holder, lease) => Promise.resolve(acquire(key, holder, lease)),
    complete(key, holder, ttl) {
      const mark = marks.get(key)
      if (mark === undefined || isHeldBy(mark, holder)) marks.set(key, 'done', { ttl })
      return Promise.resolve()
    },
    release(key, holder) {
      if (isHeldBy(marks.get(key), holder)) marks.delete(key)
      return Promise.resolve()
    },
  }
}
