// Saved before a test replaces the timers of Node.js.
const { setImmediate } = globalThis

/** Lets everything run that is ready. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
