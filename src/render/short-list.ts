import { withCommas } from '../diagnostics/text/with-commas.ts'

/** The maximum number of addresses of one ownership change in texts; `--format json` contains all. */
const MOST_NAMED = 10

/**
 * The first addresses of a list, and the number of the others, so that a plan that adopts thousands is still
 * readable.
 */
export function shortList(addresses: readonly string[]): string[] {
  const more = addresses.length - MOST_NAMED
  return [...addresses.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${withCommas(more)} more`] : [])]
}
