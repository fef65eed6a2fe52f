/**
 * What a store says to who wants to work on a message: it is theirs (`claimed`), another one is at it (`busy`), or it has
 * been done (`done`).
 */
export type ClaimAnswer = 'claimed' | 'busy' | 'done'

/**
 * Where workers mark the messages that they work on and have done. A mark that was only made before the work would lose
 * a message whose worker dies, and one that was only made after it would let two workers do it side by side.
 *
 * A key is a text of at most 300 printable ASCII characters. A `holder` is a text that is different for every claim.
 */
export interface IdempotencyStore {
  /**
   * Claims a key for `lease` milliseconds, in one step, if it is free, its claim has run out, or this holder has it
   * already, whose claim is then longer.
   */
  claim(key: string, holder: string, lease: number): Promise<ClaimAnswer>
  /**
   * Marks a key as done for `ttl` milliseconds, in one step, unless another holder has claimed it meanwhile.
   */
  complete(key: string, holder: string, ttl: number): Promise<void>
  /** Frees a key for the next try, in one step, if this holder still has it. */
  release(key: string, holder: string): Promise<void>
}
