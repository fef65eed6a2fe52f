import { readFileSync } from 'node:fs'
import { usageError } from './usage-error.ts'

/** Reads a file that the command line names. @param what the option, or another word for it in the error */
export function readText(what: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw usageError(`${what} ${path} cannot be read (${code})`, 'check the path and its permissions')
  }
}
