/**
 * Whether an address matches a glob. `*` matches any text, including `/`. Every other character matches itself,
 * because addresses may contain the special characters of other globs. Case matters.
 */
export function matchesGlob(address: string, glob: string): boolean {
  return consistsOf(address, glob.split('*'))
}

/** Whether a string consists of these parts, in this order, with any text between them. */
export function consistsOf(text: string, [first = '', ...parts]: readonly string[]): boolean {
  const last = parts.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  // Matching each part at its first place leaves the most text for the following parts.
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
