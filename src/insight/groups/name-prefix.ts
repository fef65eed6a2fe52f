/** Characters that separate the parts of names, the strongest first: a name with a dot is not split at its hyphens. */
const SEPARATORS: readonly RegExp[] = [/[.:/]/, /-/, /_/]
const LEADING = /^[.:/_-]+/

/**
 * The beginning of a name up to the end of its next part: `billing` of `billing.invoices`, and `billing.eu` of
 * `billing.eu.invoices` after `billing`. It is the rest of the name where nothing separates that, and undefined where
 * nothing follows. Separators at the beginning of a name are no part of it.
 *
 * @param after a beginning that this function has found. Default: none
 */
export function prefixOf(name: string, after = ''): string | undefined {
  const bare = name.replace(LEADING, '')
  const start = after.length + (LEADING.exec(bare.slice(after.length))?.[0].length ?? 0)
  const rest = bare.slice(start)
  if (rest === '') return undefined
  const separator = SEPARATORS.find((each) => each.test(rest))
  return separator === undefined ? bare : bare.slice(0, start + rest.search(separator))
}
