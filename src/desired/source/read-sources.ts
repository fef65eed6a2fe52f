import { realpath, stat } from 'node:fs/promises'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { decodeUtf8 } from './decode-utf8.ts'
import { findYamlFiles } from './find-yaml-files.ts'
import type { SourceFile } from './source-file.ts'
import { SourceText } from './source-text.ts'

/**
 * Reads topology files. A path is a file, whatever its name, or a folder, of which all `*.yaml` and `*.yml` files
 * are read, sorted by path, without `node_modules` and what begins with a dot. A file that is given twice is
 * read once. What cannot be read becomes a finding.
 */
export async function readSources(paths: readonly string[]): Promise<{ sources: SourceFile[]; findings: Finding[] }> {
  const sources: SourceFile[] = []
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const given of paths) {
    for (const path of await filesAt(given, findings)) {
      try {
        const real = await realpath(path)
        if (seen.has(real)) continue
        seen.add(real)
        const { text, invalidAt } = decodeUtf8(await readRegularFile(path, 'document'))
        if (invalidAt === undefined) sources.push({ path, text })
        else findings.push(notUtf8(path, text, invalidAt))
      } catch (error) {
        findings.push(finding('file-unreadable', { path, reason: describeFileError(error) }))
      }
    }
  }
  return { sources, findings }
}

async function filesAt(path: string, findings: Finding[]): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const files = await findYamlFiles(path)
    if (files.length === 0) findings.push(finding('folder-without-files', { path }))
    return files
  } catch (error) {
    findings.push(finding('file-unreadable', { path, reason: describeFileError(error) }))
    return []
  }
}

function notUtf8(path: string, text: string, at: number): Finding {
  return finding('file-not-utf8', { path }, new SourceText({ path, text }).locate(at, at + 1))
}
