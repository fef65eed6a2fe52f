const MILLISECONDS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

type Unit = keyof typeof MILLISECONDS

const DURATION = /^(-?\d+)(ms|s|m|h|d)?$/

/**
 * Reads `5s`, `30m` or a bare number of milliseconds.
 *
 * @returns milliseconds, or undefined if it is not a duration
 */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = 'ms'] = DURATION.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * MILLISECONDS[unit as Unit]
}

/** Writes milliseconds in their largest whole unit: 60,000 is `1m`, 90,000 is `90s`, 1,500 is `1500ms`. */
export function durationLabel(milliseconds: number): string {
  const units = Object.keys(MILLISECONDS) as Unit[]
  const unit = units.find((each) => milliseconds % MILLISECONDS[each] === 0) ?? 'ms'
  return `${milliseconds / MILLISECONDS[unit]}${unit}`
}
