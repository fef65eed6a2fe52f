/** Thrown at the first part of a string that only the complete YAML reader reads. */
export class NotPlainError extends Error {}

const INTEGER = /^[-+]?[0-9]+$/
const OCTAL = /^0o[0-7]+$/
const HEXADECIMAL = /^0x[0-9a-fA-F]+$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/
const EXPONENT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/

const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
])

/** The longest of the words. */
const MOST_LETTERS = 5

/**
 * The value of a scalar without quotes in the core schema of YAML 1.2.
 *
 * @throws {NotPlainError} for a number that cannot be represented, which the complete reader reports
 */
export function plainScalar(text: string): string | number | boolean | null {
  if (text.length <= MOST_LETTERS) {
    const word = WORDS.get(text)
    if (word !== undefined) return word
  }
  return mayBeNumber(text.charCodeAt(0)) ? numberOrText(text) : text
}

/** `+`, `-`, `.` and digits. */
function mayBeNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2b || code === 0x2d || code === 0x2e
}

function numberOrText(text: string): string | number {
  if (INTEGER.test(text)) return safe(Number.parseInt(text, 10))
  if (FLOAT.test(text) || EXPONENT.test(text)) return finite(Number.parseFloat(text))
  if (OCTAL.test(text)) return safe(Number.parseInt(text.slice(2), 8))
  if (HEXADECIMAL.test(text)) return safe(Number.parseInt(text.slice(2), 16))
  if (NOT_FINITE.test(text)) throw new NotPlainError()
  return text
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new NotPlainError()
  return value
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new NotPlainError()
  return value
}
