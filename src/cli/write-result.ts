import { writeFile } from 'node:fs/promises'
import { usageError } from './usage-error.ts'

/** Writes a result to the file that `--out` names. */
export async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unwritable'
    throw usageError(`--out ${path} cannot be written (${code})`, 'check the path and its permissions')
  }
}
