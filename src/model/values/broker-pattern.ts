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

  /** Undefined where JavaScript cannot evaluate the pattern, or not in a bearable time. */
  matches(name: string): boolean | undefined {
    return this.#expression?.test(bytesOf(name))
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

/** Each byte as one character: to the broker, `.` matches a byte of `é`, not the whole of it. */
export function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
