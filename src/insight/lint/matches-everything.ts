/** Regular expressions that match every name. */
const EVERYTHING = new Set(['.*', '^.*$', '^.*', '.*$', '.+', '^.+$', '.'])

/** Whether the regular expression of a permission matches every name. */
export function matchesEverything(pattern: string): boolean {
  return EVERYTHING.has(pattern)
}
