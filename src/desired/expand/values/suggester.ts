import { suggest } from '../../../diagnostics/text/suggest.ts'

/** Finds what a misspelt name was probably meant to be. */
export type Suggester = (kind: string, name: string, candidates: Iterable<string>) => { readonly suggestion?: string }

/** How many names a run compares at most: a file full of unknown names is told at once, the first of them with suggestions. */
const MOST_COMPARISONS = 100_000

/** Makes a suggester that looks up each name once, since one misspelt exchange may stand in thousands of bindings. */
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
