import { parseDuration } from './duration.ts'
import type { Secret } from './secret.ts'
import { parseSize } from './size.ts'

const NUMBER = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i
const SECOND = 1_000

/** How the text of a secret may turn up. */
export interface SecretForms {
  /** The text itself first. */
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
}

/**
 * The forms of a secret: the text, and the numbers that a declaration makes of it, since `5s` is kept as 5000, or as the
 * `5s` of a stream's age.
 */
export function formsOf(secret: Secret): SecretForms {
  const text = secret.reveal()
  const duration = parseDuration(text)
  const numbers = [NUMBER.test(text) ? Number(text) : undefined, duration, parseSize(text)].filter(
    (each) => each !== undefined,
  )
  const seconds = duration === undefined ? [] : [`${duration / SECOND}s`]
  return { texts: [text, ...numbers.map(String), ...seconds], numbers }
}
