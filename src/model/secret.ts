import { inspect } from 'node:util'

const MASK = '(secret)'

/**
 * A text that must never be shown. It turns into `(secret)` wherever it is printed, logged or
 * serialised; only `reveal` gives it away, to the request that needs it.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. Call it only where the secret leaves for the broker or is compared. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return MASK
  }

  toJSON(): string {
    return MASK
  }

  [inspect.custom](): string {
    return MASK
  }
}
