/**
 * The answer of a store to a worker that wants to work on a message: the worker holds the lease (`acquired`), another
 * worker holds it (`busy`), or the message was handled (`done`).
 */
export type LeaseAnswer = 'acquired' | 'busy' | 'done'

/**
 * Stores a lease for each message in progress, and a mark for each message that is done. If workers only marked
 * messages before the work, the message of a worker that dies would be lost. If they only marked them after the work,
 * two workers could handle a message at the same time.
 *
 * A key is a string of at most 300 printable ASCII characters. A `holder` is a string that is different for every
 * lease.
 */
export interface IdempotencyStore {
  /**
   * Acquires a key for `lease` milliseconds, atomically, if the key is free, its lease has expired, or this holder has
   * the lease already, which is then extended.
   */
  acquire(key: string, holder: string, lease: number): Promise<LeaseAnswer>
  /**
   * Marks a key as done for `ttl` milliseconds, atomically, unless another holder has acquired it in the meantime.
   */
  complete(key: string, holder: string, ttl: number): Promise<void>
  /** Frees a key for the next attempt, atomically, if this holder still has the lease. */
  release(key: string, holder: string): Promise<void>
}
