/**
 * Characters that separate the parts of names, the strongest first. A name with a dot is not divided at its hyphens.
 */
const SEPARATORS: readonly RegExp[] = [/[.:/]/, /-/, /_/]
const LEADING = /^[.:/_-]+/

/**
 * The prefix of a name up to the end of its next part: `billing` of `billing.invoices`, and after `billing`,
 * `billing.eu` of `billing.eu.invoices`. Returns the whole name if no separator follows, and undefined if nothing
 * follows. Separators at the beginning of a name do not count.
 *
 * @param after a prefix that this function returned. Default: none
 */
export function prefixOf(name: string, after = ''): string | undefined {
  const bare = name.replace(LEADING, '')
  const start = after.length + (LEADING.exec(bare.slice(after.length))?.[0].length ?? 0)
  const rest = bare.slice(start)
  if (rest === '') return undefined
  const separator = SEPARATORS.find((each) => each.test(rest))
  return separator === undefined ? bare : bare.slice(0, start + rest.search(separator))
}
