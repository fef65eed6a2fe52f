const FIRST = 1_000
const MOST = 60_000

/**
 * When a message that could not be published is tried again, in milliseconds from now. Undefined where the message itself
 * is wrong, or too large: no try can succeed.
 */
export function nextTry(error: Error, attempts: number): number | undefined {
  const outcome = 'outcome' in error ? error.outcome : undefined
  if (outcome === 'invalid' || outcome === 'tooLarge') return undefined
  // What the broker answers to this message needs time to change; one that was out of reach may be back at once.
  const isAnswer = outcome === 'unroutable' || outcome === 'refused'
  return isAnswer ? Math.min(MOST, FIRST * 2 ** Math.min(attempts, 30)) : FIRST
}
