import { WaitingLine } from './waiting-line.ts'
import type { Waiting } from './waiting-line.ts'

/** Node.js fires timers with a longer delay immediately. In milliseconds: 24 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** The end of an owner's wait. */
export class Deadline<Owner> implements Waiting<Deadline<Owner>> {
  ahead: Deadline<Owner> | undefined
  behind: Deadline<Owner> | undefined
  /** By the clock of `performance`, in milliseconds. */
  readonly at: number
  readonly timeout: number
  readonly owner: Owner

  constructor(timeout: number, owner: Owner) {
    this.timeout = timeout
    this.at = performance.now() + timeout
    this.owner = owner
  }
}

/** All deadlines with one timeout; they end in the order in which they began. */
interface Line<Owner> {
  readonly deadlines: WaitingLine<Deadline<Owner>>
  timer: NodeJS.Timeout | undefined
}

/**
 * Ends many waits with few timers: nearly all publishes have the same timeout and end long before it, and a timer for
 * each would be a large part of the cost of a publish.
 */
export class Deadlines<Owner> {
  readonly #lines = new Map<number, Line<Owner>>()
  readonly #onEnd: (owner: Owner) => void

  /** @param onEnd one function for all deadlines, because a separate one for each would add to the cost of a publish */
  constructor(onEnd: (owner: Owner) => void) {
    this.#onEnd = onEnd
  }

  /** Calls back in `timeout` milliseconds, unless it is ended earlier. */
  begin(timeout: number, owner: Owner): Deadline<Owner> {
    const deadline = new Deadline(Math.min(timeout, LONGEST_TIMEOUT), owner)
    let line = this.#lines.get(deadline.timeout)
    if (!line) {
      line = { deadlines: new WaitingLine(), timer: undefined }
      this.#lines.set(deadline.timeout, line)
    }
    line.deadlines.join(deadline)
    if (line.timer === undefined) this.#arm(line, deadline)
    return deadline
  }

  /** Removes a deadline that was started here and has not ended. */
  end(deadline: Deadline<Owner>): void {
    const line = this.#lines.get(deadline.timeout)
    if (!line) return
    line.deadlines.leave(deadline)
    if (line.deadlines.length === 0) this.#drop(deadline.timeout, line)
  }

  #arm(line: Line<Owner>, first: Deadline<Owner>): void {
    line.timer = setTimeout(
      () => this.#expire(first.timeout, line),
      Math.max(0, Math.ceil(first.at - performance.now())),
    )
  }

  #expire(timeout: number, line: Line<Owner>): void {
    const now = performance.now()
    for (let first = line.deadlines.first; first && first.at <= now; first = line.deadlines.first) {
      line.deadlines.leave(first)
      this.#onEnd(first.owner)
    }
    line.timer = undefined
    const { first } = line.deadlines
    if (first) this.#arm(line, first)
    else this.#drop(timeout, line)
  }

  /** Otherwise a timer would keep the process alive, and each distinct timeout would keep some memory. */
  #drop(timeout: number, line: Line<Owner>): void {
    clearTimeout(line.timer)
    line.timer = undefined
    if (this.#lines.get(timeout) === line) this.#lines.delete(timeout)
  }
}
