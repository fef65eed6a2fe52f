import { systemClock } from './clock.ts'

/**
 * Waits until the time is over or the signal is aborted. Unlike the timer of `node:timers/promises`, it never
 * rejects, so the caller has to check the signal afterwards.
 *
 * @param keepAlive whether the pause keeps the process alive; default true
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
