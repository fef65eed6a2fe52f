const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** A duration for people, in all necessary units: `5 m 35 s`. */
export function durationWords(milliseconds: number): string {
  let rest = milliseconds
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count > 0 ? [`${count} ${unit}`] : []
  })
  return parts.length === 0 ? '0 s' : parts.join(' ')
}
