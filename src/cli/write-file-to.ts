import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { usageError } from './usage-error.ts'

/** Writes a file that an option names, for nobody else to read unless another mode is given. */
export function writeFileTo(option: string, path: string, text: string, mode = 0o600): void {
  orUsageError(option, path, () => writeFileSync(path, text, { mode }))
}

/** Finds out whether a file that an option names can be written, before anything is done. What is in it stays. */
export function checkWritable(option: string, path: string): void {
  orUsageError(option, path, () => {
    const isNew = !existsSync(path)
    closeSync(openSync(path, 'a', 0o600))
    if (isNew) rmSync(path)
  })
}

function orUsageError(option: string, path: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unwritable'
    throw usageError(`${option} ${path} cannot be written (${code})`, 'check the path and its permissions')
  }
}
