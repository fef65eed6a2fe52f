/** The versions that the rules of this project were tried on, the newest last. */
const TRIED_VERSIONS = ['3.10.8', '4.0.5', '4.3.6'] as const

/** The newest version that the rules of this project were tried on. */
export const NEWEST_VERSION = TRIED_VERSIONS[2]

/**
 * Completes a version such as `4.3`: to the release of that series that the rules were tested with, or to its first
 * release.
 *
 * @returns undefined if it is not a version
 */
export function completeVersion(given: string): string | undefined {
  if (!/^\d+\.\d+(\.\d+)?$/.test(given)) return undefined
  if (given.split('.').length === 3) return given
  return TRIED_VERSIONS.find((each) => each.startsWith(`${given}.`)) ?? `${given}.0`
}

/** Whether a broker's version, such as `4.3.6`, is at least another one, such as `4.2.8`. */
export function isAtLeast(version: string, least: string): boolean {
  const mine = partsOf(version)
  const theirs = partsOf(least)
  for (let at = 0; at < theirs.length; at += 1) {
    const [own = 0, part = 0] = [mine[at], theirs[at]]
    if (own !== part) return own > part
  }
  return true
}

/** The few versions of a run are compared for every queue. */
const PARTS = new Map<string, readonly number[]>()

function partsOf(version: string): readonly number[] {
  const known = PARTS.get(version)
  if (known !== undefined) return known
  const parts = version
    .split(/[.+-]/)
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0)
  PARTS.set(version, parts)
  return parts
}

/**
 * A range of versions, from `since` on and before `until`. A patch release may support something that the next minor
 * version does not.
 */
export interface VersionRange {
  readonly since: string
  /** Absent if the range has no end. */
  readonly until?: string
}

/** Whether a version is in one of the ranges. */
export function isWithin(version: string, ranges: readonly VersionRange[]): boolean {
  return ranges.some(
    ({ since, until }) => isAtLeast(version, since) && (until === undefined || !isAtLeast(version, until)),
  )
}

/** The first later version that begins a range; undefined if there is none. */
export function nextVersionOf(version: string, ranges: readonly VersionRange[]): string | undefined {
  return ranges.find(({ since }) => !isAtLeast(version, since))?.since
}

/** Describes ranges, such as "from 3.11.24 to before 3.12.0 and from 3.12.7 on". */
export function describeRanges(ranges: readonly VersionRange[]): string {
  return ranges
    .map(({ since, until }) => (until === undefined ? `from ${since} on` : `from ${since} to before ${until}`))
    .join(' and ')
}
