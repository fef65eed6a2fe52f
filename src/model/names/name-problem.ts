import { excessiveLength, LONGEST_NAME } from '../generated-names.ts'

// A name with at most this number of UTF-16 units cannot have more than 255 bytes in UTF-8; this check is faster.
const SURELY_SHORT = LONGEST_NAME / 3
const UNWANTED = /[\p{Cc}\u2028\u2029]/u
const LONE_SURROGATE = /\p{Surrogate}/u

/** Why the broker or its HTTP API cannot handle a name, as the end of a sentence; undefined if they can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name === '.' || name === '..') return 'cannot be addressed, because it is a path segment with a special meaning'
  if (UNWANTED.test(name)) return 'contains a line break or another control character'
  if (LONE_SURROGATE.test(name)) return 'contains half of a surrogate pair'
  if (name.length <= SURELY_SHORT) return undefined
  const bytes = excessiveLength(name)
  return bytes === undefined ? undefined : `has ${bytes} bytes, and the broker allows at most ${LONGEST_NAME}`
}
