/** Asks for the most similar name if there is one, and otherwise gives the other hint. */
export function didYouMean({ suggestion }: { readonly suggestion?: string }, otherwise: string): string {
  return suggestion === undefined ? otherwise : `did you mean "${suggestion}"?`
}
