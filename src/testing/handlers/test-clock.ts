import type { Clock, ClockTimer } from '../../runtime/clock.ts'

interface Timer extends ClockTimer {
  readonly at: number
  readonly callback: () => void
}

/** A clock that does not advance until a test moves it. Its times are in milliseconds since 1970. */
export class TestClock implements Clock {
  #now: number
  readonly #timers = new Set<Timer>()

  /** @param start in milliseconds since 1970 */
  constructor(start: number) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  time(): number {
    return this.#now
  }

  setTimeout(callback: () => void, milliseconds: number): ClockTimer {
    const timer: Timer = { at: this.#now + Math.max(0, milliseconds), callback, unref: () => undefined }
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(timer: ClockTimer | undefined): void {
    if (timer) this.#timers.delete(timer as Timer)
  }

  /**
   * Advances to the next timer that is due by `end`, and calls it. If there is none, advances to `end` and returns
   * false.
   */
  runNext(end: number): boolean {
    let next: Timer | undefined
    // If several are due at the same time, the one that was set first is called.
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer
    this.#now = Math.max(this.#now, next?.at ?? end)
    if (!next) return false
    this.#timers.delete(next)
    next.callback()
    return true
  }
}
