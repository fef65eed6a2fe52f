import { readFile } from 'node:fs/promises'
import { describeFileError } from '../source/describe-file-error.ts'

/** Reads a file of JSON; says why when it cannot. */
export async function readJsonFile(path: string): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    return { problem: describeFileError(error) }
  }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { problem: 'it is no JSON' }
  }
}
