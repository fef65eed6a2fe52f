import { statfsSync } from 'node:fs'
import { freemem } from 'node:os'

const FOLDER = '/dev/shm'
const GIBIBYTE = 2 ** 30
/** The maximum space for brokers and messages of a run, with a margin. */
const NEEDED = 6 * GIBIBYTE

/**
 * A folder in memory, if this is Linux and there is enough space. A broker constantly reads and writes small files,
 * so tests with a broker take half as long there.
 */
export function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(FOLDER)
    return bavail * bsize >= NEEDED && freemem() >= NEEDED ? FOLDER : undefined
  } catch {
    return undefined
  }
}
