/** A pause between two attempts, which doubles from `first` with every attempt, up to `most`. In milliseconds. */
export interface Growth {
  readonly first: number
  readonly most: number
}

/** Between two attempts to reach the broker. */
export const RECONNECT: Growth = { first: 100, most: 30_000 }

/** Between two attempts to publish a held message. */
export const HOLD: Growth = { first: 1_000, most: 60_000 }

/** The pause after `attempts` failed attempts (0 = before the first repetition), in milliseconds. */
export function growingPause({ first, most }: Growth, attempts: number): number {
  return Math.min(most, first * 2 ** Math.min(attempts, 30))
}

/**
 * A random pause between 0 and the growing pause ("full jitter"). So processes that lose a broker at the same time do
 * not all reconnect at the same time.
 */
export function jitteredPause(growth: Growth, attempts: number): number {
  return Math.random() * growingPause(growth, attempts)
}
