import { systemClock } from './clock.ts'

/**
 * Waits, at most until the signal. Unlike the timer of `node:timers/promises` it never rejects: the caller checks afterwards
 * what has changed.
 *
 * @param keepAlive whether the process has to stay for it; default true
 */
export function pause(
  milliseconds: number,
  signal?: AbortSignal,
  keepAlive = true,
  clock = systemClock,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = (): void => {
      clock.clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = clock.setTimeout(end, milliseconds)
    if (!keepAlive) timer.unref()
    signal?.addEventListener('abort', end)
  })
}
