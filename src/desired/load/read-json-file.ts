import { parseJson } from './parse-json.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'

/** Reads a file of JSON; says why when it cannot. */
export async function readJsonFile(path: string): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  let text: string
  try {
    text = (await readRegularFile(path, 'data')).toString('utf8')
  } catch (error) {
    return { problem: describeFileError(error) }
  }
  try {
    return { value: parseJson(text) }
  } catch {
    return { problem: 'it is no JSON' }
  }
}
