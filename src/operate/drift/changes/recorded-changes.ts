import { type BrokerChange, type BrokerEvent, changeOf, isOfBroker } from './broker-change.ts'
import { changedObject, destinationQueue } from './changed-object.ts'

/** How long a change is remembered, in milliseconds. */
const REMEMBERED = 3_600_000
/** The maximum number of objects whose last change is remembered. */
const MOST_REMEMBERED = 5_000

interface Recorded extends BrokerChange {
  /** By the clock of this process, because that of the broker may differ. */
  readonly received: number
}

/** The last change of each object of a broker, from its events. */
export class RecordedChanges {
  readonly #now: () => number
  /** The most recent one is the last. */
  readonly #last = new Map<string, Recorded>()
  /** Bindings that the broker has deleted, by their queue, whose deletion it reports next. */
  #deletedWith = new Map<string, string[]>()
  readonly #waiting = new Set<() => void>()

  /** @param now in milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now
  }

  add(event: BrokerEvent): void {
    const [change, address] = [changeOf(event), changedObject(event)]
    if (change === undefined || address === undefined) return
    this.#remember(address, change)
    const queue = destinationQueue(event)
    if (queue !== undefined && isOfBroker(change)) {
      this.#deletedWith.set(queue, [...(this.#deletedWith.get(queue) ?? []), address])
    } else if (queue === undefined) {
      const bindings = event.key === 'queue.deleted' ? (this.#deletedWith.get(address) ?? []) : []
      for (const binding of bindings) this.#remember(binding, change)
      this.#deletedWith.delete(address)
    }
    if (this.#deletedWith.size > MOST_REMEMBERED) this.#deletedWith = new Map()
    for (const [oldest, { received }] of this.#last) {
      if (this.#last.size <= MOST_REMEMBERED && this.#now() - received < REMEMBERED) break
      this.#last.delete(oldest)
    }
    for (const check of this.#waiting) check()
  }

  #remember(address: string, change: BrokerChange): void {
    this.#last.delete(address)
    this.#last.set(address, { ...change, received: this.#now() })
  }

  /** Forgets all changes, because later ones may have been missed. */
  clear(): void {
    this.#last.clear()
    this.#deletedWith.clear()
  }

  /**
   * The last change of each object, if it is known.
   *
   * @param since earlier changes do not count, in milliseconds since 1970; undefined if all count
   */
  of(addresses: Iterable<string>, since?: number): ReadonlyMap<string, BrokerChange> {
    const found = new Map<string, BrokerChange>()
    for (const address of addresses) {
      const last = this.#last.get(address)
      if (last === undefined || (since !== undefined && last.received < since)) continue
      const { changedBy, changedAt } = last
      found.set(address, { changedBy, changedAt })
    }
    return found
  }

  /** Resolves when the changes of all these objects are known, or when the signal is aborted. */
  async settled(addresses: readonly string[], since: number | undefined, late: AbortSignal): Promise<void> {
    const isKnown = () => this.of(addresses, since).size === new Set(addresses).size
    if (isKnown() || late.aborted) return
    await new Promise<void>((resolve) => {
      const end = () => {
        this.#waiting.delete(check)
        late.removeEventListener('abort', end)
        resolve()
      }
      const check = () => {
        if (isKnown()) end()
      }
      this.#waiting.add(check)
      late.addEventListener('abort', end)
    })
  }
}
