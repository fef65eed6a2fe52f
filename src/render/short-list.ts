import { withCommas } from '../diagnostics/text/with-commas.ts'

/** How many addresses of one ownership change are named in texts; `--format json` names them all. */
const MOST_NAMED = 10

/** The first addresses of a list, and how many more there are, so that a plan that adopts thousands can still be read. */
export function shortList(addresses: readonly string[]): string[] {
  const more = addresses.length - MOST_NAMED
  return [...addresses.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${withCommas(more)} more`] : [])]
}
