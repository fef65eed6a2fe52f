// Taken before a test puts timers of its own in the place of those of Node.js.
const { setImmediate } = globalThis

/** Lets everything run that is ready to run. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
