import { mayBacktrack } from './may-backtrack.ts'

/** Syntax that only PCRE supports, or that JavaScript reads differently. */
const NOT_IN_JAVASCRIPT = /\(\?[imsx#>|+-]|\[\[:|[*+?}]\+|\\[AzZGKQEhHRX]|\(\*/

/**
 * A regular expression of the broker, of a policy or a permission. The broker matches bytes, unanchored and
 * case-sensitive (rabbit_policy, rabbit_auth_backend_internal).
 */
export class BrokerPattern {
  readonly #expression: RegExp | undefined

  constructor(text: string) {
    this.#expression = compile(bytesOf(text))
  }

  /** Undefined if JavaScript cannot evaluate the pattern in reasonable time, or not at all. */
  matches(name: string): boolean | undefined {
    return this.matchesBytes(bytesOf(name))
  }

  /** The same for a name that `bytesOf` has converted, for callers that compare one name with many patterns. */
  matchesBytes(bytes: string): boolean | undefined {
    return this.#expression?.test(bytes)
  }
}

function compile(pattern: string): RegExp | undefined {
  if (NOT_IN_JAVASCRIPT.test(pattern) || mayBacktrack(pattern)) return undefined
  try {
    return new RegExp(pattern)
  } catch {
    return undefined
  }
}

/**
 * Matches most names, which need no conversion: converting each name for each pattern would take most of the time of
 * lint.
 */
const ASCII = /^[\0-\x7f]*$/

/** Each byte as one character: for the broker, `.` matches one byte of `é`, not the whole character. */
export function bytesOf(text: string): string {
  if (ASCII.test(text)) return text
  // Does not use `Buffer`, because the page in the browser lacks it.
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
