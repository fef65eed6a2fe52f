import { parseJson } from './parse-json.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'

/** The content of a file, or the reason why it is not usable, with the text if it could be read. */
export type ReadJson = { readonly value: unknown } | { readonly problem: string; readonly text?: string }

/** A table or a list, possibly after a byte-order mark; a YAML file may begin in the same way. */
const JSON_TEXT = /^\s*[{[]/

/** Reads a JSON file, or standard input if the path is `-`. Returns the reason on failure. */
export async function readJsonFile(path: string, standardInput?: () => Promise<Uint8Array>): Promise<ReadJson> {
  let text: string
  try {
    const isInput = path === '-' && standardInput !== undefined
    text = (isInput ? Buffer.from(await standardInput()) : await readRegularFile(path, 'data')).toString('utf8')
  } catch (error) {
    return { problem: describeFileError(error) }
  }
  if (!JSON_TEXT.test(text)) return { problem: 'it is not JSON' }
  try {
    return { value: parseJson(text) }
  } catch {
    return { problem: 'it is not JSON', text }
  }
}
