import type { Scalar } from 'yaml'

/** The possible problems of a scalar. */
export type ScalarProblem = 'number-too-large' | 'number-not-finite' | 'text-not-unicode'

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * The value of a scalar in the core schema of YAML 1.2. For a number that cannot be represented, reports a problem and
 * returns the text.
 */
export function scalarValue(node: Scalar, problem: (code: ScalarProblem) => void): string | number | boolean | null {
  const { value } = node
  const text = node.source ?? ''
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) problem('number-not-finite')
    else if (!Number.isSafeInteger(value) && /^([-+]?[0-9]+|0[xo].*)$/.test(text)) problem('number-too-large')
    else return value
    return text
  }
  if (typeof value !== 'string') return text
  // Only an escape can produce a unpaired surrogate, because text that was decoded from UTF-8 contains none.
  if (node.type === 'QUOTE_DOUBLE' && LONE_SURROGATE.test(value)) problem('text-not-unicode')
  return value
}
