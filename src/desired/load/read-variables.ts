import util from 'node:util'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { decodeUtf8 } from '../source/decode-utf8.ts'

/** Reads variables files, with one `name=value` on each line as in an `.env` file; later files take precedence. */
export async function readVariables(
  paths: readonly string[],
): Promise<{ variables: Record<string, string>; findings: Finding[] }> {
  const variables = Object.create(null) as Record<string, string>
  const findings: Finding[] = []
  for (const path of paths) {
    try {
      const { text, invalidAt } = decodeUtf8(await readRegularFile(path, 'value'))
      if (invalidAt === undefined) Object.assign(variables, util.parseEnv(text))
      else findings.push(finding('file-not-utf8', { path }))
    } catch (error) {
      findings.push(finding('file-unreadable', { path, reason: describeFileError(error) }))
    }
  }
  return { variables, findings }
}
