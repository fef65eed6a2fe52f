import { suggest } from '../../../diagnostics/text/suggest.ts'

/** Finds the most similar name. */
export type Suggester = (kind: string, name: string, candidates: Iterable<string>) => { readonly suggestion?: string }

/**
 * The maximum number of comparisons in a run. So a file full of unknown names is reported quickly, with suggestions
 * for the first of them.
 */
const MOST_COMPARISONS = 100_000

/**
 * Creates a suggester that looks up each name once, because one misspelled exchange may appear in thousands of
 * bindings.
 */
export function createSuggester(): Suggester {
  const found = new Map<string, { readonly suggestion?: string }>()
  let comparisons = 0
  return (kind, name, candidates) => {
    const key = `${kind} ${name}`
    const earlier = found.get(key)
    if (earlier) return earlier
    const names = [...candidates]
    comparisons += names.length
    const suggestion = comparisons > MOST_COMPARISONS ? undefined : suggest(name, names)
    const result = suggestion === undefined ? {} : { suggestion }
    found.set(key, result)
    return result
  }
}
