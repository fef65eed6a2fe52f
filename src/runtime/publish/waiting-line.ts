/** An item of a `WaitingLine`. */
export interface Waiting<T> {
  ahead: T | undefined
  behind: T | undefined
}

/**
 * A queue whose items can be removed from the middle in constant time, so that a timed-out publish does not keep its
 * message in memory until earlier messages are sent. An array would move all later items, and a `Set` iterates over
 * the gaps at its front.
 */
export class WaitingLine<T extends Waiting<T>> {
  #first: T | undefined
  #last: T | undefined
  #length = 0

  get length(): number {
    return this.#length
  }

  get first(): T | undefined {
    return this.#first
  }

  join(item: T): void {
    item.ahead = this.#last
    if (this.#last) this.#last.behind = item
    else this.#first = item
    this.#last = item
    this.#length++
  }

  /** Puts an item back at the front. */
  joinFirst(item: T): void {
    item.behind = this.#first
    if (this.#first) this.#first.ahead = item
    else this.#last = item
    this.#first = item
    this.#length++
  }

  leave(item: T): void {
    if (item.ahead) item.ahead.behind = item.behind
    else this.#first = item.behind
    if (item.behind) item.behind.ahead = item.ahead
    else this.#last = item.ahead
    item.ahead = item.behind = undefined
    this.#length--
  }
}
