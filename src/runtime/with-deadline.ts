import type { Clock, ClockTimer } from './clock.ts'

/**
 * Rejects if an answer takes too long, because some clients wait forever for a dead server.
 *
 * @param milliseconds how long it may take
 * @param late makes the error
 */
export async function withDeadline<T>(
  clock: Clock,
  answer: Promise<T>,
  milliseconds: number,
  late: () => Error,
): Promise<T> {
  let timer: ClockTimer | undefined
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimeout(() => reject(late()), milliseconds)
  })
  try {
    return await Promise.race([answer, timeIsUp])
  } finally {
    clock.clearTimeout(timer)
  }
}
