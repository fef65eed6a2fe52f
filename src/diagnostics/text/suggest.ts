import { closest, distance } from 'fastest-levenshtein'

/** The candidate that was probably meant, for "did you mean"; undefined when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined
  const nearest = closest(word, candidates)
  // Two letters in the wrong order count as two mistakes.
  const most = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))
  return distance(word, nearest) <= most ? nearest : undefined
}
