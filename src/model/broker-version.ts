/** Whether a broker's version, such as `4.3.6`, is at least another one, such as `4.2.8`. */
export function isAtLeast(version: string, least: string): boolean {
  const [mine, theirs] = [partsOf(version), partsOf(least)]
  for (const [at, part] of theirs.entries()) {
    const own = mine[at] ?? 0
    if (own !== part) return own > part
  }
  return true
}

function partsOf(version: string): number[] {
  return version
    .split(/[.+-]/)
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0)
}
