import type { ApplyOptions } from '../../operations/change/apply.ts'
import type { Io } from '../output/io.ts'

const REDRAW_EVERY = 100
const LINES_IN_ALL = 10
/** Fewer are over before anybody wonders. */
const WORTH_TELLING = 100

/** Shows how far an apply is: on a terminal one line that is drawn over, elsewhere a plain line now and then. */
export function showProgress(io: Io): {
  readonly onOutcome: NonNullable<ApplyOptions['onOutcome']>
  readonly onProgress: (text: string) => void
  readonly end: () => void
} {
  let lastDrawn = 0
  let drawn = false
  let lastStep = 0
  let ended = 0
  return {
    onOutcome: ({ status }, total) => {
      // A change that never started is not progress.
      if (status === 'interrupted' || status === 'skipped') return
      ended += 1
      if (io.errIsTerminal) {
        if (Date.now() - lastDrawn < REDRAW_EVERY) return
        lastDrawn = Date.now()
        drawn = true
        io.err(`\r  ${ended} of ${total} changes`)
        return
      }
      const step = Math.floor((ended * LINES_IN_ALL) / total)
      if (total < WORTH_TELLING || step === lastStep) return
      lastStep = step
      io.err(`  ${ended} of ${total} changes\n`)
    },
    onProgress: (text) => {
      if (drawn) io.err('\r\u001B[K')
      drawn = false
      io.err(`  ${text}\n`)
    },
    end: () => {
      if (drawn) io.err('\r\u001B[K')
    },
  }
}
