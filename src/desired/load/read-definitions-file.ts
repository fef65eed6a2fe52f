import { type Finding, finding } from '../../diagnostics/findings/finding.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { decodeUtf8 } from '../source/decode-utf8.ts'

/** Reads a file that a broker exported. Its content is never shown, because it may contain secrets. */
export async function readDefinitionsFile(
  path: string,
): Promise<{ readonly value: unknown } | { readonly finding: Finding }> {
  let bytes: Buffer
  try {
    bytes = await readRegularFile(path, 'data')
  } catch (error) {
    return { finding: finding('file-unreadable', { path, reason: describeFileError(error) }) }
  }
  const { text, invalidAt } = decodeUtf8(bytes)
  if (invalidAt !== undefined) return { finding: finding('file-not-utf8', { path }) }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { finding: finding('definitions-not-json', { path }) }
  }
}
