import { withCommas } from '../../diagnostics/text/with-commas.ts'

/** How far an apply is. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** The changes that have ended since the first one did, and the milliseconds that they took. */
  readonly since: { readonly changes: number; readonly milliseconds: number }
}

/** Before that, a rate says little: the first changes are those that wait for a connection. */
const ESTIMATE_AFTER = 3_000

/** `1,200 of 5,000 changes, 240/s, about 16 s left`; the rate and the remaining time only when they can be estimated. */
export function progressText({ done, total, since }: Progress): string {
  const counts = `${withCommas(done)} of ${withCommas(total)} changes`
  const { changes, milliseconds } = since
  if (milliseconds < ESTIMATE_AFTER || changes === 0 || done >= total) return counts
  const perSecond = (changes * 1_000) / milliseconds
  return `${counts}, ${rateText(perSecond)}, about ${timeText((total - done) / perSecond)} left`
}

function rateText(perSecond: number): string {
  return perSecond < 1 ? `${Math.max(1, Math.round(perSecond * 60))}/min` : `${withCommas(Math.round(perSecond))}/s`
}

function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.ceil(seconds))} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
