/** Something that can stand in a `WaitingLine`. */
export interface Waiting<T> {
  ahead: T | undefined
  behind: T | undefined
}

/**
 * First come, first served, and anyone may leave from the middle at once: a publish that timed out
 * must not keep its message in memory until those before it were sent. An array would shift or
 * splice all that follow, a `Set` walks over the holes at its front.
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

  /** Stands before all others, as what has left and comes back. */
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
