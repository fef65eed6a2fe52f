/**
 * Whether an address matches a glob. `*` matches any text, including `/`. Every other character matches itself,
 * because addresses may contain the special characters of other globs. Case matters.
 */
export function matchesGlob(address: string, glob: string): boolean {
  const [first = '', ...parts] = glob.split('*')
  const last = parts.pop()
  if (last === undefined) return address === glob
  if (!address.startsWith(first)) return false
  let at = first.length
  // Matching each part at its first place leaves the most text for the following parts.
  for (const part of parts) {
    const found = address.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return address.length - last.length >= at && address.endsWith(last)
}
