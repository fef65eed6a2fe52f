import { closest, distance } from 'fastest-levenshtein'

/**
 * The candidate that was probably meant; undefined if none is near.
 *
 * @param part the part of the word that was probably mistyped; its length determines the allowed distance. Default: the
 *   whole word
 */
export function suggest(word: string, candidates: readonly string[], part = word): string | undefined {
  if (candidates.length === 0) return undefined
  const nearest = closest(word, candidates)
  // Two letters in the wrong order count as two mistakes.
  const most = part.length < 4 ? 1 : Math.max(2, Math.floor(part.length / 3))
  return distance(word, nearest) <= most ? nearest : undefined
}
