import { Session } from 'node:inspector'
import { afterAll } from 'vitest'

let session: Session | undefined

/** Counts how often the blocks of warren's sources run: bodies of functions, loops and branches. */
export const countBlocks = {
  /** Counts in modules that are loaded from now on, until the last test of the file has ended. */
  begin(): void {
    if (session) return
    session = new Session()
    session.connect()
    session.post('Profiler.enable')
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    afterAll(() => {
      session?.post('Profiler.stopPreciseCoverage')
      session?.disconnect()
      session = undefined
    })
  },

  /** Returns the number of block runs since the last call. */
  take(): number {
    if (!session) throw new Error('the work of what is not loaded by countable() cannot be counted')
    let blocks = 0
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error
      for (const { functions } of result.filter(({ url }) => url.includes('/src/')))
        for (const { ranges } of functions) for (const { count } of ranges) blocks += count
    })
    return blocks
  },
}
