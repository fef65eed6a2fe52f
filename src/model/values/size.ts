const BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1_000],
  ['MB', 1_000 ** 2],
  ['GB', 1_000 ** 3],
  ['TB', 1_000 ** 4],
  ['KiB', 1_024],
  ['MiB', 1_024 ** 2],
  ['GiB', 1_024 ** 3],
  ['TiB', 1_024 ** 4],
])

const SIZE = /^(-?\d+)([KMGT]?i?B)?$/

/**
 * Reads `512KiB`, `10MB` or a bare number of bytes.
 *
 * @returns bytes, or undefined if it is not a size
 */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = 'B'] = SIZE.exec(text) ?? []
  const factor = BYTES.get(unit)
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}
