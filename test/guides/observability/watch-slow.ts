import type { Runtime } from 'warren/runtime'

/** Reports handlers that took longer than a second, and messages that had waited for more than a minute. */
export function watchSlow(runtime: Runtime, report: (text: string) => void): void {
  runtime.on('handled', ({ subscription, messageId, attempt, outcome, duration, age = 0 }) => {
    if (duration < 1_000 && age < 60_000) return
    report(`${subscription}: ${messageId} (attempt ${attempt}) ${outcome}, ${Math.round(age / 1_000)} s old`)
  })
}
