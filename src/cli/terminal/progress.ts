import type { ApplyOptions } from '../../operations/change/apply.ts'
import type { Io } from '../output/io.ts'
import { timeLeft } from '../../diagnostics/text/time-left.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'

/** The time between two updates of the line on a terminal, in milliseconds. */
const REDRAW_EVERY = 100
/** The longest time between two lines in a log, in milliseconds, so that a slow apply shows that it is running. */
const LINE_EVERY = 10_000
/**
 * A log gets a line for each tenth of an apply with at least this number of changes; smaller ones usually end
 * quickly.
 */
const LINES_IN_ALL = 10
const WORTH_LINES = 100
/** The time before which a rate is not meaningful, in milliseconds: the first changes wait for a connection. */
const ESTIMATE_AFTER = 3_000

/**
 * Shows the progress of an apply: on a terminal one line that is updated in place, elsewhere a plain line for each
 * tenth of a large apply and every ten seconds of a slow one.
 *
 * @param now the clock, in milliseconds
 */
export function showProgress(
  io: Pick<Io, 'err' | 'errIsTerminal'>,
  now: () => number = Date.now,
): {
  readonly onOutcome: NonNullable<ApplyOptions['onOutcome']>
  readonly onProgress: (text: string) => void
  readonly end: () => void
} {
  let ended = 0
  /** When the first change ended. Planning and the question come before it and do not count. */
  let first: number | undefined
  let printedAt = 0
  let lastStep = 0
  let drawn = false
  const erase = () => {
    if (drawn) io.err('\r\u001B[K')
    drawn = false
  }
  return {
    onOutcome: ({ status }, total) => {
      // A change that never started is not progress.
      if (status === 'interrupted' || status === 'skipped') return
      const at = now()
      ended += 1
      if (first === undefined) {
        first = at
        if (!io.errIsTerminal) printedAt = at
      }
      const line = () =>
        progressText({ done: ended, total, since: { changes: ended - 1, milliseconds: at - (first ?? at) } })
      if (io.errIsTerminal) {
        if (at - printedAt < REDRAW_EVERY) return
        // The new line may be shorter than the previous one.
        io.err(`\r\u001B[K  ${line()}`)
        drawn = true
      } else {
        const step = total < WORTH_LINES ? 0 : Math.floor((ended * LINES_IN_ALL) / total)
        if (step === lastStep && at - printedAt < LINE_EVERY) return
        lastStep = step
        io.err(`  ${line()}\n`)
      }
      printedAt = at
    },
    onProgress: (text) => {
      erase()
      io.err(`  ${text}\n`)
    },
    end: erase,
  }
}

/** The progress of an apply. */
interface Progress {
  readonly done: number
  readonly total: number
  /** The changes that have ended since the first one did, and the milliseconds that they took. */
  readonly since: { readonly changes: number; readonly milliseconds: number }
}

/** `1,200 of 5,000 changes, 240/s, about 16 s left`; the rate and the remaining time only when they can be estimated. */
export function progressText({ done, total, since }: Progress): string {
  const counts = `${withCommas(done)} of ${withCommas(total)} changes`
  const { changes, milliseconds } = since
  if (milliseconds < ESTIMATE_AFTER || changes === 0 || done >= total) return counts
  const perSecond = (changes * 1_000) / milliseconds
  return `${counts}, ${rateText(perSecond)}, about ${timeLeft((total - done) / perSecond)} left`
}

function rateText(perSecond: number): string {
  return perSecond < 1 ? `${Math.max(1, Math.round(perSecond * 60))}/min` : `${withCommas(Math.round(perSecond))}/s`
}
