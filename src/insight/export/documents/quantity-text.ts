import { durationLabel } from '../../../model/values/duration.ts'

/** The longest time that the broker's timers accept, in milliseconds (rabbit_misc). */
const LONGEST_TIMER = 315_360_000_000

const SIZES: readonly (readonly [unit: string, bytes: number])[] = [
  ['TiB', 1_024 ** 4],
  ['TB', 1_000 ** 4],
  ['GiB', 1_024 ** 3],
  ['GB', 1_000 ** 3],
  ['MiB', 1_024 ** 2],
  ['MB', 1_000 ** 2],
  ['KiB', 1_024],
  ['KB', 1_000],
]

/** A duration in its largest whole unit, such as `30m`; undefined if a property does not accept the value. */
export function durationText(value: unknown, least = 0): string | undefined {
  return isWithin(value, least, LONGEST_TIMER) ? durationLabel(value) : undefined
}

/** A size in its largest whole unit, such as `512MiB`, or a number of bytes; undefined if it is not a valid size. */
export function sizeText(value: unknown, least = 0, most = Number.MAX_SAFE_INTEGER): string | number | undefined {
  if (!isWithin(value, least, most)) return undefined
  const unit = SIZES.find(([, bytes]) => value >= bytes && value % bytes === 0)
  return unit === undefined ? value : `${value / unit[1]}${unit[0]}`
}

/** Whether a value is a whole number within limits. */
export function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
}
