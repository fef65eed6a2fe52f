import { setTimeout as pause } from 'node:timers/promises'

/**
 * Repeats a question until there is an answer (anything except undefined and false). The limit prevents endless
 * waiting.
 */
export async function until<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  milliseconds = 180_000,
): Promise<T> {
  const end = performance.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > end) throw new Error(`waited for ${what} in vain`)
    await pause(20)
  }
}

/** Waits for a promise, for a minute by default, so that a test reports what it waited for before it times out. */
export async function inTime<T>(work: Promise<T>, what: string, milliseconds = 60_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited for ${what} in vain`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
