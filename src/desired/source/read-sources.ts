import { readdir, realpath, stat } from 'node:fs/promises'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { FileError, readRegularFile } from '../../files/read-regular-file.ts'
import { decodeUtf8 } from './decode-utf8.ts'
import { guessFileKind } from './file-kind.ts'
import type { SourceFile } from './source-file.ts'
import { SourceText } from './source-text.ts'
import { join } from 'node:path'

/** The path for standard input, and its printed form. `./-` is a file of this name. */
const STANDARD_INPUT = '-'
const SHOWN_INPUT = '<stdin>'

/** Reads the whole standard input. */
export type ReadInput = () => Promise<Uint8Array>

/**
 * Reads topology files. A path is a file with any name, `-` for standard input, or a folder. From a folder, all
 * `*.yaml` and `*.yml` files are read, sorted by path. It skips `node_modules`, names that begin with a dot, and
 * files that are marked as other files of warren. A file that is given twice is read once. Unreadable paths become
 * findings.
 *
 * @param readInput reads standard input. Default: `-` is an error
 */
export async function readSources(
  paths: readonly string[],
  readInput?: ReadInput,
): Promise<{ sources: SourceFile[]; findings: Finding[] }> {
  const reader = new SourceReader(readInput)
  for (const path of paths) {
    if (await isFolder(path)) await reader.readFolder(path)
    else await reader.readFile(path)
  }
  return reader
}

class SourceReader {
  readonly sources: SourceFile[] = []
  readonly findings: Finding[] = []
  readonly #seen = new Set<string>()
  readonly #readInput: ReadInput | undefined

  constructor(readInput: ReadInput | undefined) {
    this.#readInput = readInput
  }

  async readFile(path: string): Promise<void> {
    await this.#read(path, () => true)
  }

  async readFolder(path: string): Promise<void> {
    let files: readonly string[]
    try {
      files = await findYamlFiles(path)
    } catch (error) {
      this.#reportUnreadable(path, error)
      return
    }
    let skipped = 0
    const isTopology = ({ text }: SourceFile): boolean => {
      const kind = guessFileKind(text) ?? 'topology'
      if (kind !== 'topology') skipped++
      return kind === 'topology'
    }
    for (const file of files) await this.#read(file, isTopology)
    if (files.length === skipped) this.findings.push(finding('folder-without-files', { path, skipped }))
  }

  async #read(path: string, isWanted: (file: SourceFile) => boolean): Promise<void> {
    try {
      const real = path === STANDARD_INPUT ? path : await realpath(path)
      if (this.#seen.has(real)) return
      this.#seen.add(real)
      const shown = path === STANDARD_INPUT ? SHOWN_INPUT : path
      const { text, invalidAt } = decodeUtf8(await this.#bytesOf(path))
      const file = { path: shown, text }
      if (invalidAt !== undefined) this.findings.push(notUtf8(file, invalidAt))
      else if (isWanted(file)) this.sources.push(file)
      // It may be named as well, which is a mistake to report.
      else this.#seen.delete(real)
    } catch (error) {
      this.#reportUnreadable(path, error)
    }
  }

  async #bytesOf(path: string): Promise<Buffer> {
    if (path !== STANDARD_INPUT) return readRegularFile(path, 'document')
    if (this.#readInput) return Buffer.from(await this.#readInput())
    throw new FileError('it means standard input, which is not available here')
  }

  #reportUnreadable(path: string, error: unknown): void {
    this.findings.push(finding('file-unreadable', { path, reason: describeFileError(error) }))
  }
}

/** A missing path is reported later, when it is read as a file. */
async function isFolder(path: string): Promise<boolean> {
  if (path === STANDARD_INPUT) return false
  const stats = await stat(path).catch(() => undefined)
  return stats?.isDirectory() === true
}

function notUtf8(file: SourceFile, at: number): Finding {
  return finding('file-not-utf8', { path: file.path }, new SourceText(file).locate(at, at + 1))
}

/**
 * The `*.yaml` and `*.yml` files of a folder and its subfolders, sorted by path, without `node_modules` and names that
 * begin with a dot. Links are followed, except to a parent folder.
 */
async function findYamlFiles(folder: string): Promise<string[]> {
  const found = await filesOf(folder, [])
  return found.toSorted((a, b) => (a < b ? -1 : 1))
}

async function filesOf(folder: string, above: readonly string[]): Promise<string[]> {
  const real = await realpath(folder)
  if (above.includes(real)) return []
  const entries = await readdir(folder, { withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .map(async (entry) => {
        const path = join(folder, entry.name)
        const isYaml = /\.ya?ml$/i.test(entry.name)
        const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry
        if (target?.isDirectory()) return filesOf(path, [...above, real])
        // A broken link is reported when it is read.
        return isYaml && (!target || target.isFile()) ? [path] : []
      }),
  )
  return files.flat()
}
