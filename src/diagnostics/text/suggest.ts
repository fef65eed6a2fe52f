import { closest, distance } from 'fastest-levenshtein'

/**
 * The candidate that was probably meant, for "did you mean"; undefined when none is near.
 *
 * @param part the part of the word that was probably mistyped, by whose length it is decided what is near. Default: all of it
 */
export function suggest(word: string, candidates: readonly string[], part = word): string | undefined {
  if (candidates.length === 0) return undefined
  const nearest = closest(word, candidates)
  // Two letters in the wrong order count as two mistakes.
  const most = part.length < 4 ? 1 : Math.max(2, Math.floor(part.length / 3))
  return distance(word, nearest) <= most ? nearest : undefined
}
