import { parseJson } from './parse-json.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'

/** The content of a file, or the reason why it is unusable; with the text if only the text could be read. */
export type ReadJson = { readonly value: unknown } | { readonly problem: string; readonly text?: string }

/** A table or a list, maybe after a byte-order mark; a file of YAML may begin like one too. */
const JSON_TEXT = /^\s*[{[]/

/** Reads a file of JSON, or standard input where the path is `-`; says why when it cannot. */
export async function readJsonFile(path: string, standardInput?: () => Promise<Uint8Array>): Promise<ReadJson> {
  let text: string
  try {
    const isInput = path === '-' && standardInput !== undefined
    text = (isInput ? Buffer.from(await standardInput()) : await readRegularFile(path, 'data')).toString('utf8')
  } catch (error) {
    return { problem: describeFileError(error) }
  }
  if (!JSON_TEXT.test(text)) return { problem: 'it is no JSON' }
  try {
    return { value: parseJson(text) }
  } catch {
    return { problem: 'it is no JSON', text }
  }
}
