import { inspect } from 'node:util'

const MASK = '(secret)'

/**
 * A string that must never be shown. It becomes `(secret)`, or a given replacement, wherever it is printed, logged or
 * serialized. Only `reveal` returns it, for the request that needs it.
 */
export class Secret {
  readonly #text: string
  readonly #shown: string

  constructor(text: string, shown = MASK) {
    this.#text = text
    this.#shown = shown
  }

  /** The text itself. Call it only to send the secret to the broker or to compare it. */
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

/**
 * The text of a secret, which a program may also pass as a plain string. Call it only to send the secret to the
 * broker.
 */
export function textOf(secret: Secret | string): string {
  return typeof secret === 'string' ? secret : secret.reveal()
}
