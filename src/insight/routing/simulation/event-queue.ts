/** A queue of events, ordered by time. Events with the same time keep the order in which they were added. */
export class EventQueue<T> {
  /** A binary heap: no entry comes before its parent, which is at half its index. */
  readonly #entries: Entry<T>[] = []
  #added = 0

  add(at: number, event: T): void {
    const entry = { at, order: this.#added, event }
    this.#added += 1
    let index = this.#entries.length
    for (let above = parentOf(index); index > 0 && isBefore(entry, this.#entries[above]); above = parentOf(index)) {
      this.#set(index, this.#entries[above])
      index = above
    }
    this.#set(index, entry)
  }

  /** The next event; undefined if there is none. */
  get first(): Entry<T> | undefined {
    return this.#entries[0]
  }

  removeFirst(): void {
    const last = this.#entries.pop()
    if (last === undefined || this.#entries.length === 0) return
    let index = 0
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2]
      const smaller = isBefore(this.#entries[right], this.#entries[left]) ? right : left
      if (!isBefore(this.#entries[smaller], last)) break
      this.#set(index, this.#entries[smaller])
      index = smaller
    }
    this.#set(index, last)
  }

  #set(index: number, entry: Entry<T> | undefined): void {
    if (entry !== undefined) this.#entries[index] = entry
  }
}

interface Entry<T> {
  readonly at: number
  readonly order: number
  readonly event: T
}

function parentOf(index: number): number {
  return (index - 1) >> 1
}

function isBefore<T>(a: Entry<T> | undefined, b: Entry<T> | undefined): boolean {
  if (a === undefined || b === undefined) return a !== undefined
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
