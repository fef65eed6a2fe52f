/**
 * Whether an address matches a glob: `*` stands for any text, `/` included, and every other character for itself, since
 * addresses may hold all that is special in other globs. Case counts.
 */
export function matchesGlob(address: string, glob: string): boolean {
  const [first = '', ...parts] = glob.split('*')
  const last = parts.pop()
  if (last === undefined) return address === glob
  if (!address.startsWith(first)) return false
  let at = first.length
  // The first place of each part leaves the most room for those that follow.
  for (const part of parts) {
    const found = address.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return address.length - last.length >= at && address.endsWith(last)
}
