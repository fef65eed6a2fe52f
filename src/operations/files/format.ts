import { fileKindOf } from '../../desired/source/file-kind.ts'
import { Places } from '../../desired/source/places.ts'
import { parseFileNow } from '../../desired/source/parse-file-now.ts'
import { readSources } from '../../desired/source/read-sources.ts'
import type { SourceFile } from '../../desired/source/source-file.ts'
import { isTable, type Tree } from '../../desired/source/tree.ts'
import { formatYaml } from '../../desired/source/yaml/format-yaml.ts'
import { topologyKeyOrder } from '../../desired/declaration/schema/key-order.ts'
import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { canonicalJson } from '../../model/address.ts'

/** The files to format. */
export interface FormatFilesOptions {
  /** Files and folders; a folder means all topologies in `*.yaml` and `*.yml` below it, `-` for standard input. */
  readonly paths: readonly string[]
  /** Reads standard input, for the path `-`. Default: `-` is an error. */
  readonly standardInput?: () => Promise<Uint8Array>
}

/** A file and its formatted text. */
export interface FormattedFile {
  /** As given, or as found in a folder; `<stdin>` for standard input. */
  readonly path: string
  /** The formatted text. */
  readonly text: string
  /** Whether the text differs from the content of the file. */
  readonly changed: boolean
}

/**
 * Formats the text of a topology file: keys in canonical order and spelling, with all comments. The declared topology
 * stays the same.
 *
 * @param path the name of the file in findings. Default: `<text>`
 * @throws {InvalidInputError} when the text is not YAML or JSON, or cannot be formatted without losing a comment
 */
export function format(text: string, path = '<text>'): string {
  const file = { path, text }
  const before = dataOf(file)
  if (before.isJson) return `${JSON.stringify(before.roots[0] ?? null, undefined, 2)}\n`
  if (before.roots.length > 0 && !before.roots.every(isTopology)) return text
  const formatted = formatYaml(text, topologyKeyOrder())
  if (
    formatted === undefined ||
    canonicalJson(dataOf({ path, text: formatted }).roots) !== canonicalJson(before.roots)
  ) {
    throw invalid(file, [finding('not-formatted', { path })])
  }
  return formatted
}

/**
 * Formats topology files; nothing is written.
 *
 * @throws {InvalidInputError} when a file cannot be read or formatted
 */
export async function formatFiles({ paths, standardInput }: FormatFilesOptions): Promise<FormattedFile[]> {
  const { sources, findings } = await readSources(paths, standardInput)
  if (findings.length > 0) throw new InvalidInputError(findings, new Map())
  return sources.map(({ path, text }) => {
    const formatted = format(text, path)
    return { path, text: formatted, changed: formatted !== text }
  })
}

/** The data of all documents of a file, independent of the order of keys. */
function dataOf(file: SourceFile): { readonly roots: readonly Tree[]; readonly isJson: boolean } {
  const { documents, findings, valueFindings } = parseFileNow(file, new Places())
  const found = [...findings, ...valueFindings]
  if (found.length > 0) throw invalid(file, found)
  return { roots: documents.map(({ root }) => root), isJson: /\.json$/i.test(file.path) }
}

function isTopology(root: Tree): boolean {
  return isTable(root) && (fileKindOf(root) ?? 'topology') === 'topology'
}

function invalid({ path, text }: SourceFile, findings: readonly Finding[]): InvalidInputError {
  return new InvalidInputError(findings, new Map([[path, text]]))
}
