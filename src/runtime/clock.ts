/** A timer of a clock, for `clearTimeout` of the same clock. */
export interface ClockTimer {
  /** Lets the process end although the timer still runs. */
  unref(): unknown
}

/** The clock of a runtime. A test runtime has its own, which moves only when the test advances it. */
export interface Clock {
  /** Milliseconds since an arbitrary moment; never runs backwards. */
  now(): number
  /** The time of day, in milliseconds since 1970. */
  time(): number
  setTimeout(callback: () => void, milliseconds: number): ClockTimer
  clearTimeout(timer: ClockTimer | undefined): void
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  time: () => Date.now(),
  setTimeout: (callback, milliseconds) => setTimeout(callback, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
}
