import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { holdLock, type Lock, type LockRefused } from '../../broker/amqp/hold-lock.ts'

interface Shared {
  readonly lock: Lock
  holders: number
}

/**
 * The locks that the runs of one command share: a run that takes objects over from another project of the command
 * uses the lock that the run of that project holds. A lock is released with the last of its holders.
 */
export class SharedLocks {
  readonly #held = new Map<string, Shared>()

  /** Takes a lock, unless one of the runs already holds it. */
  async take(amqp: Amqp, vhost: string, name: string): Promise<Lock | 'held' | LockRefused> {
    const { clusterName, url } = amqp.target.expectedBroker ?? {}
    const key = JSON.stringify([clusterName ?? url, vhost, name])
    const held = this.#held.get(key)
    if (held !== undefined && !held.lock.lost.aborted) return this.#holdAgain(key, held)
    const lock = await holdLock(amqp, vhost, name)
    if (lock === 'held' || 'refused' in lock) return lock
    const shared = { lock, holders: 0 }
    this.#held.set(key, shared)
    return this.#holdAgain(key, shared)
  }

  #holdAgain(key: string, shared: Shared): Lock {
    shared.holders += 1
    let released: Promise<void> | undefined
    const release = async () => {
      shared.holders -= 1
      if (shared.holders > 0) return
      if (this.#held.get(key) === shared) this.#held.delete(key)
      await shared.lock.release()
    }
    return {
      lost: shared.lock.lost,
      unwatch: () => shared.lock.unwatch(),
      release: () => (released ??= release()),
    }
  }
}
