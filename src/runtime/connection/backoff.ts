/** How long to wait between two tries: it doubles from `first` with every try, up to `most`. In milliseconds. */
export interface Growth {
  readonly first: number
  readonly most: number
}

/** Between two tries to reach the broker. */
export const RECONNECT: Growth = { first: 100, most: 30_000 }

/** Between two tries with a message that is held. */
export const HOLD: Growth = { first: 1_000, most: 60_000 }

/** The pause after `tries` failed tries (0 = before the first repetition), in milliseconds. */
export function growingPause({ first, most }: Growth, tries: number): number {
  return Math.min(most, first * 2 ** Math.min(tries, 30))
}

/**
 * A random pause between nothing and the growing one ("full jitter"), so that many processes that
 * lost one broker at the same moment do not all come back at the same moment.
 */
export function jitteredPause(growth: Growth, tries: number): number {
  return Math.random() * growingPause(growth, tries)
}
