import { statfsSync } from 'node:fs'
import { freemem } from 'node:os'

const FOLDER = '/dev/shm'
const GIBIBYTE = 2 ** 30
/** What brokers and messages of a run may take, with a margin. */
const NEEDED = 6 * GIBIBYTE

/**
 * A folder that is kept in memory, where Linux has one with room. A broker reads and writes small files all the time, and
 * tests that use it take half as long there.
 */
export function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(FOLDER)
    return bavail * bsize >= NEEDED && freemem() >= NEEDED ? FOLDER : undefined
  } catch {
    return undefined
  }
}
