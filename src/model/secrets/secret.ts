import { inspect } from 'node:util'

const MASK = '(secret)'

/**
 * A text that must never be shown. It turns into `(secret)`, or what is given to be shown instead, wherever it is
 * printed, logged or serialised; only `reveal` gives it away, to the request that needs it.
 */
export class Secret {
  readonly #text: string
  readonly #shown: string

  constructor(text: string, shown = MASK) {
    this.#text = text
    this.#shown = shown
  }

  /** The text itself. Call it only where the secret leaves for the broker or is compared. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return this.#shown
  }

  toJSON(): string {
    return this.#shown
  }

  [inspect.custom](): string {
    return this.#shown
  }
}

/** The text of a secret, which a program may also give as it is. Call it only where the secret leaves for the broker. */
export function textOf(secret: Secret | string): string {
  return typeof secret === 'string' ? secret : secret.reveal()
}
